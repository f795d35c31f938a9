#!/usr/bin/env python3
"""Feedback to recorded new batch, over HTTP and server-sent events, beside the floors of this machine in the same run.

usage: feedback_latency.py [--tracks CSV...] [--rounds 500]

Starts a Groove of its own, signs in, picks five songs, then says yes or no to one song at a time and waits for the batch that
answers, with each of the safe settings of Redis (appendfsync always, no). Prints p50 and p99, the floor (three Redis writes, one
fdatasync, one HTTP round trip), their ratio, nginx's time for an empty answer where it is installed, and what each process holds in
memory.
"""
import argparse
import http.client
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
import tracks  # noqa: E402
from groove import Groove, Listener, free_port, wait_for  # noqa: E402


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def timed(count, action):
    times = []
    for _ in range(count):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


class Stream:
    """The events of one listener, on a plain socket."""

    def __init__(self, groove, cookie):
        self.socket = socket.create_connection(("127.0.0.1", groove.port))
        self.socket.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{groove.port}\r\nCookie: {cookie}\r\n\r\n".encode())
        self.buffer = b""

    def until_batch(self, sequence):
        mark = b"event: batch"
        number = f"id: {sequence}\n".encode()
        while not (mark in self.buffer and number in self.buffer and self.buffer.endswith(b"\n")):
            self.buffer += self.socket.recv(1 << 16)
        text = self.buffer.decode()
        self.buffer = b""
        body = text[text.index("event: batch"):]
        data = body[body.index("data: ") + 6:]
        return json.loads(data[:data.index("\n")])


def floors(groove, connection, cookie):
    redis = socket.socket(socket.AF_UNIX)
    redis.connect(str(groove.data / "run/redis.sock"))
    payload = "x" * 1000

    def write():
        redis.sendall(f"*3\r\n$3\r\nSET\r\n$5\r\nfloor\r\n${len(payload)}\r\n{payload}\r\n".encode())
        redis.recv(64)

    def ask():
        connection.request("GET", "/healthz", headers={"Cookie": cookie})
        connection.getresponse().read()

    with open(groove.data / "floor", "ab") as file:
        def sync():
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return {"redis_write": timed(300, write), "fdatasync": timed(300, sync), "http": timed(300, ask)}


def nginx_ms():
    """One request to an nginx that answers at once; None where there is none."""
    if not shutil.which("nginx"):
        return None
    folder, port = pathlib.Path(tempfile.mkdtemp()), free_port()
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;\n"
        f"uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; server {{ listen 127.0.0.1:{port}; return 200 '{{}}'; }} }}\n")
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
    try:
        def connects():
            try:
                return socket.create_connection(("127.0.0.1", port)).close() or True
            except OSError:
                return False
        wait_for("nginx", connects)
        connection = http.client.HTTPConnection("127.0.0.1", port)

        def ask():
            connection.request("GET", "/")
            connection.getresponse().read()
        return timed(300, ask)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def resident_mb(pid):
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(fields["Pss"].split()[0]) / 1024


def judge_songs(rounds, batch, connection, cookie, stream):
    """Yes or no to one song at a time. The last batch, and how long each took, in seconds."""
    times = []
    for n in range(rounds):
        song = batch["recommendations"][n % 5]["id"]
        body = json.dumps({"verdicts": [{"id": song, "verdict": "approve" if n % 3 else "disapprove"}]})
        began = time.perf_counter()
        connection.request("POST", "/api/feedback", body, {"Content-Type": "application/json", "Cookie": cookie})
        accepted = json.loads(connection.getresponse().read())
        batch = stream.until_batch(accepted["sequence"])
        times.append(time.perf_counter() - began)
    return batch, times


def report(setting, times, floor):
    least = 3 * floor["redis_write"] + floor["fdatasync"] + floor["http"]
    p50, p99 = percentile(times, 0.5) * 1e3, percentile(times, 0.99) * 1e3
    print(f"appendfsync {setting}: feedback -> recorded batch, {len(times)} rounds: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    print(f"  floor: 3 x Redis write {floor['redis_write']:.2f} + fdatasync {floor['fdatasync']:.2f} + HTTP "
          f"{floor['http']:.2f} = {least:.2f} ms; p50 is {p50 / least:.2f} x the floor")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tracks", nargs="+")
    parser.add_argument("--rounds", type=int, default=500)
    options = parser.parse_args()
    files = options.tracks
    if not files:
        files = [pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"]
        tracks.write(files[0])
    groove = Groove(files)
    try:
        cold = groove.up()
        groove.ready()
        listener = Listener(groove, "Bench")
        picked = [t["id"] for t in listener.search("band", 5)]
        batch = listener.batch(listener.recommend(picked))
        jar = next(h.cookiejar for h in listener.opener.handlers if hasattr(h, "cookiejar"))
        cookie = "; ".join(f"{c.name}={c.value}" for c in jar)
        connection = http.client.HTTPConnection("127.0.0.1", groove.port)
        stream = Stream(groove, cookie)
        for setting in ("always", "no"):
            groove.redis("config", "set", "appendfsync", setting)
            batch, times = judge_songs(options.rounds, batch, connection, cookie, stream)
            report(setting, times, floors(groove, connection, cookie))
        nginx = nginx_ms()
        print("nginx is not installed" if nginx is None else f"nginx, an empty answer: {nginx:.2f} ms")
        total = 0
        for name in ("redis", "ledger-1", "score-1", "cluster-1", "fetch-1", "gateway-1"):
            total += (mb := resident_mb(groove.pid(name)))
            print(f"memory {name:10} {mb:7.1f} MB")
        print(f"memory in all     {total:7.1f} MB (shared pages counted once)")
        print(f"start {cold:.2f} s (programs built), again {groove.up():.2f} s; load {os.getloadavg()[0]:.1f}")
    finally:
        groove.close()


if __name__ == "__main__":
    main()
