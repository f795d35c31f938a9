#!/usr/bin/env python3
"""The house on a real Redis Cluster: slots move and primaries die under load; nothing is lost, nothing is doubled.

usage: cluster_test.py [--minutes N] [--seed S]
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
import tracks  # noqa: E402
from fault_test import STAGES, Person  # noqa: E402
from groove import BIN, Listener, free_port, wait_for  # noqa: E402
from redis_cluster import RedisCluster  # noqa: E402


class House:
    """Two gateways and the workers, started by hand on an address of Redis."""

    def __init__(self, folder, redis):
        self.folder, self.redis = pathlib.Path(folder), redis
        self.data, self.run = self.folder / "data", self.folder / "run"
        (self.data / "tracks").mkdir(parents=True)
        (self.data / "log").mkdir()
        self.run.mkdir()
        tracks.write(self.data / "tracks/tracks.csv")
        self.ports = [free_port(), free_port()]
        self.processes = {}
        for name, program in [("ledger-1", "ledger"), ("score-1", "scorer"), ("score-2", "scorer"), ("cluster-1", "clusterer"),
                              ("fetch-1", "fetcher")]:
            self.start(name, program)
        for number, port in enumerate(self.ports, 1):
            self.start(f"gateway-{number}", "gateway", "--port", port)

    def start(self, name, program, *options):
        log = open(self.data / "log" / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            [BIN / f"groove-{program}", "run", "--data", self.data, "--run", self.run, "--redis", self.redis, "--name", name,
             *map(str, options)], stdout=log, stderr=log)

    def door(self, number):
        """What a Listener speaks to."""
        port = self.ports[number % len(self.ports)]
        return type("Door", (), {"url": f"http://127.0.0.1:{port}", "port": port})

    def is_ready(self, number):
        try:
            return Listener(self.door(number)).get("/api/library")[1].get("state") == "ready"
        except OSError:
            return False  # not listening yet

    def died(self):
        return [f"{name} ended with {process.returncode}" for name, process in self.processes.items() if process.poll() is not None]

    def close(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)


class Somebody(Person):
    """A person whose gateway may answer 503 while a primary is being replaced; the same id is sent until it is accepted."""

    def __init__(self, house, number, stop):
        super().__init__(house.door(number), number, stop)


def add_up(cluster, house, people):
    wrong = house.died()
    for person in people:
        sequences = sorted(person.accepted.values())
        if sequences != list(range(1, len(sequences) + 1)):
            wrong.append(f"{person.name_}: sequences {sequences}")
        for event in person.accepted:
            status, answer = person.listener.get(f"/api/recommendations/{event}")
            # Older answers than the last 64 are not kept.
            if status != 200 and person.accepted[event] > len(sequences) - 60:
                wrong.append(f"{person.name_}: event {event} has no answer: {status} {answer}")
    for port, key in cluster.fields("{p*}:u:*"):
        pairs = re.findall(r'\d+\) "(seq|v:\w+)"\n\s*\d+\) "(\d+)"', cluster.cli(port, "--no-raw", "hgetall", key))
        fields = {name: int(value) for name, value in pairs}
        if any(fields.get(f"v:{stage}") != fields["seq"] for stage in STAGES):
            wrong.append(f"{key}: {fields}")
    for what in ["{p*}:att", "{p*}:dlq"]:
        wrong += [f"{key} is left" for _, key in cluster.fields(what)]
    verified = subprocess.run([BIN / "groove-ledger", "verify", "--data", house.data, "--json"], capture_output=True, text=True)
    if verified.returncode != 0:
        wrong.append(f"the ledger: {verified.stdout}{verified.stderr}")
    for log in (house.data / "log").glob("*.log"):
        for line in log.read_text(errors="replace").splitlines():
            if "critical" in line or "was taken by another event" in line:
                wrong.append(f"{log.name}: {line}")
    return wrong


def waiting(cluster):
    return sum(int(cluster.cli(port, "xlen", key)) for stage in STAGES for port, key in cluster.fields(f"{{p*}}:q:{stage}"))


def one_fault(cluster, dice):
    kind = dice.choice(["move", "move", "fail over", "pause"])
    if kind == "move":
        # A slot that holds a listener, so that something is moved.
        port, key = dice.choice(cluster.fields("{p*}:u:*"))
        slot = int(cluster.cli(port, "cluster", "keyslot", key))
        return "moved slot %d from %d to %d" % (slot, *cluster.move_slot(slot))
    if kind == "pause":
        port = dice.choice(cluster.living())
        cluster.pause(port)
        time.sleep(dice.uniform(0.2, 1.0))
        cluster.go_on(port)
        return f"paused {port}"
    stall_s = dice.choice([0, 0.3, 0.8])
    return f"killed primary {cluster.fail_over(stall_s)}, whose replica had heard nothing for {stall_s} s"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="groove-cluster-"))
    cluster = RedisCluster(folder / "redis")
    house, stop, code = House(folder, cluster.address()), threading.Event(), 1
    try:
        for number in range(len(house.ports)):
            wait_for("songs to be ready", lambda: house.is_ready(number))
        people = [Somebody(house, number, stop) for number in range(6)]
        for person in people:
            person.start()
        wait_for("the first events", lambda: all(person.accepted for person in people))
        end, faults = time.monotonic() + options.minutes * 60, []
        while time.monotonic() < end or not any("killed" in fault for fault in faults):
            time.sleep(dice.uniform(0.1, 1.0))
            faults.append(one_fault(cluster, dice))
            print(f"  {faults[-1]}", flush=True)
        stop.set()
        for person in people:
            person.join(60)
            if person.failed or person.is_alive():
                raise AssertionError(f"{person.name_}: {person.failed or 'is stuck'}")
        wait_for("nothing to be left to do", lambda: waiting(cluster) == 0)
        wrong = add_up(cluster, house, people)
        events = sum(len(person.accepted) for person in people)
        print(f"{len(faults)} faults, {events} events accepted, {len(wrong)} violations")
        for violation in wrong:
            print("  " + violation)
        code = 1 if wrong or not events else 0
    finally:
        house.close()
        cluster.close()
        if code:
            for log in sorted((house.data / "log").glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}")
            print(f"the folder is kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
