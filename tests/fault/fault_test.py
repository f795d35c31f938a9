#!/usr/bin/env python3
"""A real house under fire: processes killed, paused and restarted at random while listeners go on; then everything must add up.

usage: fault_test.py [--minutes N] [--seed S]

Each fault is drawn from the printed seed. Afterwards, and ten seconds of grace later:
  every accepted event has exactly one answer, sequences are 1..n without hole or repeat, every stage has applied all of them,
  no entry and no count of attempts is left, the ledger verifies and holds each event once, no process died but by our hand.
"""
import argparse
import json
import os
import pathlib
import random
import re
import signal
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
import tracks  # noqa: E402
from groove import Groove, Listener, wait_for  # noqa: E402

WORKERS = ["fetch-1", "cluster-1", "score-1", "ledger-1", "gateway-1"]
STAGES = ["fetch", "cluster", "score", "ledger"]


class Person(threading.Thread):
    """Signs in, picks, and judges until told to stop. Sends an event again, with the same id, until it is accepted."""

    def __init__(self, groove, number, stop):
        super().__init__(daemon=True)
        self.groove, self.name_, self.stop = groove, f"Person {number}", stop
        self.accepted, self.failed = {}, None
        self.dice = random.Random(number)

    def run(self):
        try:
            self.listener = self.patient(lambda: Listener(self.groove, self.name_))
            songs = [t["id"] for t in self.patient(lambda: self.listener.search("band", 30))]
            self.send("/api/recommendations", {"basis": {"kind": "songs", "songs": songs[:5]}})
            while not self.stop.is_set():
                song, verdict = self.dice.choice(songs), self.dice.choice(["approve", "disapprove", "clear"])
                if self.dice.random() < 0.1:
                    self.send("/api/recommendations", {"basis": {"kind": "songs", "songs": self.dice.sample(songs, 5)}})
                else:
                    self.send("/api/feedback", {"verdicts": [{"id": song, "verdict": verdict}]})
        except Exception as error:  # reported by the main thread
            self.failed = error

    def patient(self, action):
        """A gateway that was just killed refuses or resets connections; it will be back."""
        while True:
            try:
                return action()
            except OSError:
                time.sleep(0.05)

    def send(self, path, body):
        event = str(uuid.UUID(int=self.dice.getrandbits(128)))
        while True:
            status, answer = self.patient(lambda: self.listener.post(path, body | {"event_id": event}))
            if status == 202:
                known = self.accepted.setdefault(event, answer["sequence"])
                assert known == answer["sequence"], f"{event} was given {known} and {answer['sequence']}"
                return
            if status != 429:
                raise AssertionError((status, answer))
            time.sleep(0.02)


def one_fault(groove, dice):
    """Does one thing to one process; says what."""
    kind, target = dice.choice(["kill", "kill", "kill", "pause", "term", "redis"]), dice.choice(WORKERS)
    if kind == "redis":
        target = "redis"
        kind = dice.choice(["kill", "pause"])
    try:
        if kind == "pause":
            pid = groove.pid(target)
            groove.signal(target, signal.SIGSTOP)
            time.sleep(dice.uniform(0.1, 3.5 if target != "redis" else 1.0))
            os.kill(pid, signal.SIGCONT)
        else:
            groove.signal(target, signal.SIGKILL if kind == "kill" else signal.SIGTERM)
    except (OSError, ValueError):
        return f"{kind} {target} (it was not there)"
    return f"{kind} {target}"


def listener_fields(groove, key):
    lines = groove.redis("--no-raw", "hgetall", key)
    pairs = re.findall(r'\d+\) "(seq|v:\w+)"\n\s*\d+\) "(\d+)"', lines)
    return {name: int(value) for name, value in pairs}


def check(groove, people):
    wrong = []
    events = sum(len(p.accepted) for p in people)
    for person in people:
        sequences = sorted(person.accepted.values())
        if sequences != list(range(1, len(sequences) + 1)):
            wrong.append(f"{person.name_}: sequences {sequences}")
    for key in groove.redis("--scan", "--pattern", "{p*}:u:*").split():
        fields = listener_fields(groove, key)
        for stage in STAGES:
            if fields.get(f"v:{stage}") != fields.get("seq"):
                wrong.append(f"{key}: {fields}")
    counts = [key for key in groove.redis("--scan", "--pattern", "{p*}:att").split()]
    if counts:
        wrong.append(f"counts of attempts are left: {counts}")
    dead = groove.redis("--scan", "--pattern", "{p*}:dlq").split()
    if dead:
        wrong.append(f"innocent events are among the dead letters: {dead}")
    verified = groove.command("ledger", "verify", "--data", groove.data, "--json")
    if verified.returncode != 0:
        wrong.append(f"the ledger: {verified.stdout}{verified.stderr}")
    else:
        wrong += check_ledger(groove, people, json.loads(verified.stdout))
    ends = (groove.data / "log/supervisor.log").read_text()
    for name, code in re.findall(r"supervisor: (\S+) ended with (\d+)", ends):
        if int(code) not in (0, 130, 137, 143):  # 130: told to stop twice
            wrong.append(f"{name} died by itself, with {code}")
    return events, wrong


def check_ledger(groove, people, verified):
    """The log holds a genesis, perhaps manifests, and each event once; what a listener is shown is what it holds."""
    wrong = []
    entries = verified["entries"]
    events = sum(len(p.accepted) for p in people)
    indices = set()
    for person in people:
        last = sorted(person.accepted, key=person.accepted.get)[-40:]
        for event in last:
            status, answer = person.listener.get(f"/api/recommendations/{event}")
            if status != 200:
                wrong.append(f"{person.name_}: event {event} has no answer: {status}")
                continue
            index = answer["ledger"]["index"]
            if index in indices:
                wrong.append(f"two events share ledger entry {index}")
            indices.add(index)
    if entries < events or entries > events + 20:
        wrong.append(f"the ledger has {entries} entries for {events} events")
    return wrong


def send_home(people, stop):
    """They stop when their last event is accepted."""
    stop.set()
    for person in people:
        person.join(60)
        if person.failed or person.is_alive():
            raise AssertionError(f"{person.name_}: {person.failed or 'is stuck'}")


def siege(groove, trouble, also=lambda: []):
    """Starts the house and has people use it while `trouble()` goes on, which says at its end what it was. `also()`: what is wrong beside
    what check() finds. The exit code."""
    stop, code = threading.Event(), 1
    try:
        groove.up()
        groove.ready()
        people = [Person(groove, number, stop) for number in range(6)]
        for person in people:
            person.start()
        said = trouble()
        send_home(people, stop)
        wait_for("nothing to be left to do", lambda: all(groove.waiting(stage) == 0 for stage in STAGES))
        events, wrong = check(groove, people)
        wrong += also()
        print(f"{said}, {events} events accepted, {len(wrong)} violations")
        for violation in wrong:
            print("  " + violation)
        code = 1 if wrong or not events else 0
    finally:
        if code:
            print(groove.logs())
            print(f"the folder is kept: {groove.data}")
            groove.down()
        else:
            groove.close()
    return code


def made_up_songs():
    csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
    tracks.write(csv)
    return csv


def read_options(minutes):
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    return options


def main():
    options = read_options(0.5)
    dice, groove = random.Random(options.seed), Groove([made_up_songs()])

    def trouble():
        end, faults = time.monotonic() + options.minutes * 60, 0
        while time.monotonic() < end:
            time.sleep(dice.uniform(0.1, 0.6))
            one_fault(groove, dice)
            faults += 1
        return f"{faults} faults"
    return siege(groove, trouble)


if __name__ == "__main__":
    sys.exit(main())
