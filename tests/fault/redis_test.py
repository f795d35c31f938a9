#!/usr/bin/env python3
"""The house while its Redis is killed, paused, rewritten, emptied of its scripts, cut off in the middle of its last write, put back to
what it was a second ago, and without room on its disk. Nothing is lost, nothing is doubled.

usage: redis_test.py [--minutes N] [--seed S]
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from house import House, RedisServer, judge, send_home, send_people, wait_for

DISK_MB = 256


def append_only_files(redis):
    return redis.folder / "appendonlydir"


def newest_part(redis):
    return max(append_only_files(redis).glob("*.incr.aof"), key=lambda file: file.stat().st_mtime_ns)


def kill(redis, dice):
    redis.kill()
    redis.start()


def pause(redis, dice):
    redis.process.send_signal(signal.SIGSTOP)
    time.sleep(dice.uniform(0.2, 2.5))
    redis.process.send_signal(signal.SIGCONT)


def forget_scripts(redis, dice):
    redis.cli(None, "script", "flush")


def rewrite(redis, dice):
    redis.cli(None, "bgrewriteaof", check=False)


def tear(redis, dice):
    """A power cut in the middle of the last write."""
    redis.kill()
    part = newest_part(redis)
    os.truncate(part, max(0, part.stat().st_size - dice.randrange(1, 400)))
    redis.start()


def roll_back(redis, dice):
    """Put back to a copy of a moment ago, as a restored disk would be."""
    wait_for("no rewrite to be going on", lambda: "aof_rewrite_in_progress:0" in redis.cli(None, "info", "persistence"))
    copy = redis.folder / "copy"
    shutil.copytree(append_only_files(redis), copy)
    time.sleep(dice.uniform(0.1, 1.0))
    redis.kill()
    shutil.rmtree(append_only_files(redis))
    copy.rename(append_only_files(redis))
    redis.start()


def fill_disk(redis, dice):
    """Redis ends when it cannot write: better than to promise what it cannot keep. Room comes back, and so does Redis."""
    filler = redis.folder / "filler"
    with open(filler, "wb") as file:
        try:
            while True:
                file.write(bytes(1 << 16))
                file.flush()
        except OSError:
            pass
    try:
        redis.process.wait(20)
    finally:
        filler.unlink()
    redis.start()


def small_disk(folder):
    """A disk that can be filled, where we may make one; else none, and that fault is left out."""
    folder.mkdir()
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder], capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="groove-redis-"))
    mounted = small_disk(folder / "disk")
    redis = RedisServer(folder / "disk/redis")
    # One gateway: of several, one that lost nothing may give a lost number away before another says its event again.
    house, stop, code = House(folder, f"unix:{redis.socket}", gateways=1), threading.Event(), 1
    kinds = [kill, pause, forget_scripts, rewrite, tear, roll_back] + ([fill_disk] if mounted else [])
    if not mounted:
        print("no disk of a test's own can be mounted here (not root): a full disk is left out")
    try:
        house.all_ready()
        people = send_people(house, 5, stop)
        end, faults = time.monotonic() + options.minutes * 60, []
        while time.monotonic() < end or len(set(faults)) < len(kinds):
            time.sleep(dice.uniform(0.2, 1.0))
            kind = dice.choice([k for k in kinds if k.__name__ not in faults] or kinds)
            kind(redis, dice)
            faults.append(kind.__name__)
            print(f"  {kind.__name__}", flush=True)
        send_home(people, stop)
        code = judge(redis, house, people, len(faults))
    finally:
        house.close()
        redis.close()
        if code:
            print(house.logs())
            print(f"the folder is kept: {folder}")
        else:
            if mounted:
                subprocess.run(["umount", folder / "disk"], check=True)
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
