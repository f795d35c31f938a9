#!/usr/bin/env python3
"""Wrong frames, raw bytes and garbage at the door of a house at work (frame_storm.cc): nothing of it may change what it does.

usage: frames_test.py [--minutes N] [--seed S]

Afterwards every accepted event has one answer, in order per listener, as after any siege; and no process has died.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
from fault_test import made_up_songs, read_options, siege  # noqa: E402
from groove import BIN, Groove  # noqa: E402

PROCESSES = [f"{kind}-{number}" for kind in ("fetch", "cluster", "score") for number in (1, 2)] + ["ledger-1", "gateway-1"]


def main():
    options = read_options(0.25)
    groove = Groove([made_up_songs()], options=["--workers", "2"])
    pids, wrong = {}, []

    def storm():
        pids.update({name: groove.pid(name) for name in PROCESSES})
        done = subprocess.run([BIN / "frame_storm", "--redis", f"unix:{groove.data}/run/redis.sock", "--port", str(groove.port),
                               "--seed", str(options.seed), "--seconds", str(int(options.minutes * 60))],
                              capture_output=True, text=True, timeout=options.minutes * 60 + 120)
        if done.returncode != 0:
            wrong.append(f"the storm itself: {done.stderr}")
        return done.stdout.strip()

    return siege(groove, storm, lambda: wrong + [f"{name} died" for name, pid in pids.items() if groove.pid(name) != pid])


if __name__ == "__main__":
    sys.exit(main())
