#!/usr/bin/env python3
"""Wrong frames, raw bytes and garbage at the door of a house at work (frame_storm.cc): nothing of it may change what it does.

usage: frames_test.py [--minutes N] [--seed S]

Afterwards every accepted event has one answer, in order per listener, as after any siege; and no process has died.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
import tracks  # noqa: E402
from fault_test import STAGES, Person, check  # noqa: E402
from groove import BIN, Groove, wait_for  # noqa: E402

PROCESSES = [f"{kind}-{number}" for kind in ("fetch", "cluster", "score") for number in (1, 2)] + ["ledger-1", "gateway-1"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.25)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
    tracks.write(csv)
    groove, stop, code = Groove([csv], options=["--workers", "2"]), threading.Event(), 1
    try:
        groove.up()
        groove.ready()
        pids = {name: groove.pid(name) for name in PROCESSES}
        people = [Person(groove, number, stop) for number in range(5)]
        for person in people:
            person.start()
        storm = subprocess.run([BIN / "frame_storm", "--redis", f"unix:{groove.data}/run/redis.sock", "--port",
                                str(groove.port), "--seed", str(options.seed), "--seconds", str(int(options.minutes * 60))],
                               capture_output=True, text=True, timeout=options.minutes * 60 + 120)
        stop.set()
        for person in people:
            person.join(60)
            if person.failed or person.is_alive():
                raise AssertionError(f"{person.name_}: {person.failed or 'is stuck'}")
        wait_for("nothing to be left to do", lambda: all(groove.waiting(stage) == 0 for stage in STAGES))
        events, wrong = check(groove, people)
        wrong += [f"{name} died" for name, pid in pids.items() if groove.pid(name) != pid]
        if storm.returncode != 0:
            wrong.append(f"the storm itself: {storm.stderr}")
        print(f"{storm.stdout.strip()}; {events} events accepted, {len(wrong)} violations")
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


if __name__ == "__main__":
    sys.exit(main())
