"""A whole Groove of a test's own: deploy/up on a folder and port of its own, spoken to over HTTP."""
import contextlib
import http.cookiejar
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("GROOVE_BIN", TOP / "build/release/bin"))  # of the sanitizers, say
PATIENCE_S = 60


def wait_for(what, condition):
    """Looks until `condition` gives something; fails, naming `what`, when that takes too long."""
    end = time.monotonic() + PATIENCE_S
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE_S} s in vain for {what}")
        time.sleep(0.01)


def free_port(count=1):
    """The first of that many free ports in a row. Of several: below those that the kernel gives to anybody who asks."""
    while True:
        first = 0 if count == 1 else random.randrange(10_000, 30_000)
        try:
            with contextlib.ExitStack() as held:
                sockets = [held.enter_context(socket.socket()) for _ in range(count)]
                for number, s in enumerate(sockets):
                    s.bind(("127.0.0.1", first and first + number))
                return sockets[0].getsockname()[1]
        except OSError:
            continue


class Door:
    """One of a house's web servers."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"


class Groove:
    def __init__(self, tracks=(), data=None, music=(), options=(), gateways=1):
        """`options`: further ones of deploy/up, for this house; GROOVE_UP has those of all."""
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="groove-system-"))
        self.port = free_port(gateways)
        self.tracks = [str(t) for t in tracks]
        self.music = [str(m) for m in music]
        self.options = [str(o) for o in options] + os.environ.get("GROOVE_UP", "").split()
        self.doors = [Door(self.port + number) for number in range(gateways)]
        self.url = self.doors[0].url

    def up(self):
        """Starts it; returns the seconds that took."""
        command = [TOP / "deploy/up", "--data", self.data, "--port", str(self.port), "--detach", *self.options]
        if self.tracks:
            command += ["--tracks", *self.tracks]
        if self.music:
            command += ["--music", *self.music]
        if not self.tracks and not self.music:
            command += ["--empty"]
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
        if done.returncode != 0:
            raise AssertionError(f"deploy/up failed:\n{done.stdout}\n{self.logs()}")
        return time.monotonic() - began

    def down(self):
        return subprocess.run([TOP / "deploy/down", "--data", self.data], capture_output=True, text=True, timeout=60)

    def close(self):
        self.down()
        shutil.rmtree(self.data, ignore_errors=True)

    def logs(self):
        return "\n".join(f"--- {f.name}\n{f.read_text(errors='replace')[-3000:]}"
                         for f in sorted((self.data / "log").glob("*.log")))

    def pid(self, name):
        return int((self.data / "run" / f"{name}.pid").read_text())

    def signal(self, name, what):
        os.kill(self.pid(name), what)

    def kill(self, name):
        """kill -9, and waits until the supervisor has it back under another pid."""
        old = self.pid(name)
        os.kill(old, signal.SIGKILL)

        def back():
            try:
                return self.pid(name) != old
            except (OSError, ValueError):
                return False
        wait_for(f"{name} to be back", back)

    def command(self, *arguments):
        return subprocess.run([BIN / "groove", *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def redis(self, *arguments):
        done = subprocess.run(["redis-cli", "-s", self.data / "run/redis.sock", *map(str, arguments)],
                              capture_output=True, text=True, timeout=20, check=True)
        return done.stdout.strip()

    def waiting(self, stage):
        """How many entries no worker of that stage has consumed yet."""
        keys = self.redis("--scan", "--pattern", f"{{p*}}:q:{stage}").split()
        return sum(int(self.redis("xlen", key)) for key in keys)

    def scale(self, stage, count):
        done = subprocess.run([TOP / "deploy/scale", stage, str(count), "--data", self.data],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr

    def restart(self, *names):
        done = subprocess.run([TOP / "deploy/restart", "--data", self.data, *names],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    def ready(self):
        wait_for("songs to be ready", lambda: Listener(self).get("/api/library", sign_in=False)[1]["state"] == "ready")


class Listener:
    """One browser: a cookie jar and JSON."""

    def __init__(self, groove, name=None):
        self.groove = groove
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        if name:
            status, body = self.post("/api/session", {"name": name})
            assert status == 201, (status, body)

    def at(self, door):
        """The same browser at another web server of the house."""
        other = Listener(door)
        other.opener = self.opener
        return other

    def request(self, method, path, body=None, headers=()):
        """Status and body. A 503 is sent again, as it asks for."""
        reply = None

        def answered():
            nonlocal reply
            reply = self.request_once(method, path, body, headers)
            return reply[0] != 503
        wait_for("the service to be available", answered)
        return reply

    def request_once(self, method, path, body=None, headers=()):
        request = urllib.request.Request(self.groove.url + path, method=method, data=body, headers=dict(headers))
        try:
            with self.opener.open(request, timeout=30) as reply:
                text = reply.read()
                return reply.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text else None

    def get(self, path, sign_in=True):
        return self.request("GET", path)

    def post(self, path, value):
        return self.request("POST", path, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def search(self, text, limit=20):
        status, found = self.get("/api/tracks?limit=%d&q=%s" % (limit, urllib.request.quote(text)))
        assert status == 200, (status, found)
        return found["tracks"]

    def recommend(self, songs, event_id=None):
        body = {"basis": {"kind": "songs", "songs": list(songs)}, "event_id": event_id or str(uuid.uuid4())}
        status, accepted = self.post("/api/recommendations", body)
        assert status == 202, (status, accepted)
        return accepted

    def judge(self, verdicts, event_id=None):
        body = {"verdicts": [{"id": song, "verdict": verdict} for song, verdict in verdicts.items()],
                "event_id": event_id or str(uuid.uuid4())}
        status, accepted = self.post("/api/feedback", body)
        assert status == 202, (status, accepted)
        return accepted

    def batch(self, accepted):
        """The answer to an accepted event, once it is recorded."""
        def look():
            status, body = self.get(f"/api/recommendations/{accepted['id']}")
            assert status in (200, 202), (status, body)
            return body if status == 200 else None
        return wait_for(f"the answer to {accepted}", look)


class Events:
    """Server-sent events of a listener, read in a thread from the moment this is made."""

    def __init__(self, listener, last_event_id=None):
        headers = {"Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        request = urllib.request.Request(listener.groove.url + "/api/events", headers=headers)
        self.seen = []
        self.reply = listener.opener.open(request, timeout=PATIENCE_S)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        kind, data, number = "message", [], None
        try:
            for line in self.reply:
                line = line.decode().rstrip("\n").rstrip("\r")
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("id:"):
                    number = line[3:].strip()
                elif line.startswith("data:"):
                    data.append(line[5:].strip())
                elif not line and data:
                    self.seen.append((kind, number, json.loads("\n".join(data))))
                    kind, data, number = "message", [], None
        except (OSError, ValueError):
            pass  # the server went away; what was seen stays

    def wait(self, what, matches):
        return wait_for(what, lambda: next((e for e in list(self.seen) if matches(e)), None))
