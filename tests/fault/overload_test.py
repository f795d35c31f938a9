#!/usr/bin/env python3
"""Far more than the house can take, for some seconds: it refuses what is too much, keeps what it accepted, and is itself again at once.

usage: overload_test.py [--seconds N]
"""
import argparse
import json
import pathlib
import statistics
import sys
import tempfile
import threading
import time
import uuid

from house import House, RedisServer, Somebody, judge, keep_or_clear, wait_for, waiting

LISTENERS = 48
RECOVERED_S = 10  # after the overload


class Flooder(Somebody):
    """Does not wait for answers: sends until it is told that this is too much, and counts that."""

    def __init__(self, house, number, stop):
        super().__init__(house, number, stop)
        self.refused = 0

    def send(self, path, body):
        event = str(uuid.UUID(int=self.dice.getrandbits(128)))
        while True:
            status, answer = self.patient(lambda: self.listener.request_once(
                "POST", path, json.dumps(body | {"event_id": event}).encode(), {"Content-Type": "application/json"}))
            if status == 202:
                self.accepted[event] = answer["sequence"]
                return
            if status not in (429, 503):
                raise AssertionError((status, answer))
            self.refused += 1
            if self.stop.is_set() and status == 429:
                return  # refused is refused: nothing is owed


def calm_ms(person, count=20):
    """How long a verdict takes until its batch is there, with nothing else going on: the median."""
    taken = []
    song = person.listener.search("band", 5)[0]["id"]
    for _ in range(count):
        began = time.monotonic()
        accepted = person.listener.judge({song: "approve"})
        person.accepted[accepted["id"]] = accepted["sequence"]
        person.listener.batch(accepted)
        taken.append((time.monotonic() - began) * 1000)
    return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="groove-overload-"))
    redis = RedisServer(folder / "redis")
    house, stop, code = House(folder, f"unix:{redis.socket}"), threading.Event(), 1
    try:
        house.all_ready()
        quiet = Somebody(house, LISTENERS, stop)
        quiet.stop = threading.Event()
        quiet.stop.set()
        quiet.run()  # signs in and picks, and then says nothing of itself
        before = calm_ms(quiet)
        flood = [Flooder(house, number, stop) for number in range(LISTENERS)]
        for person in flood:
            person.start()
        time.sleep(options.seconds)
        stop.set()
        for person in flood:
            person.join(60)
            if person.failed or person.is_alive():
                raise AssertionError(f"{person.name_}: {person.failed or 'is stuck'}")
        began = time.monotonic()
        wait_for("the backlog to be gone", lambda: waiting(redis) == 0)
        took = time.monotonic() - began
        after = calm_ms(quiet)
        accepted, refused = sum(len(p.accepted) for p in flood), sum(p.refused for p in flood)
        print(f"{accepted} accepted, {refused} refused in {options.seconds} s; backlog gone after {took:.1f} s; "
              f"a batch took {before:.1f} ms before and {after:.1f} ms after")
        code = judge(redis, house, flood + [quiet], 0)
        if refused == 0:
            print("  nothing was refused: this was no overload")
            code = 1
        if took > RECOVERED_S:
            print(f"  the backlog outlived the overload by {took:.1f} s")
            code = 1
    finally:
        house.close()
        redis.close()
        keep_or_clear(code, house, folder)
    return code


if __name__ == "__main__":
    sys.exit(main())
