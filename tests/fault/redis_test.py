#!/usr/bin/env python3
"""The house while its Redis is killed, paused, rewritten, emptied of its scripts, cut off in the middle of its last write, put back to
what it was a second ago, and without room on its disk. Nothing is lost, nothing is doubled.

usage: redis_test.py [--minutes N] [--seed S]
"""
import os
import shutil
import signal
import subprocess
import sys
import time

from house import House, RedisServer, siege, wait_for

DISK_MB = 768


def append_only_files(redis):
    return redis.folder / "appendonlydir"


def newest_part(redis):
    """The one that is written at the end: during a rewrite there are two, and only the last one's end is the end."""
    return max(append_only_files(redis).glob("*.incr.aof"), key=lambda file: int(file.name.split(".")[2]))


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
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
    try:
        redis.process.wait(20)
    finally:
        filler.unlink()
    redis.start()


class SmallDisk(RedisServer):
    """Redis on a disk that can be filled, where we may make one; else that fault is left out."""

    def __init__(self, folder):
        folder.mkdir()
        self.mount = folder
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", folder],
                                      capture_output=True).returncode == 0
        if not self.mounted:
            print("no disk of a test's own can be mounted here (not root): a full disk is left out")
        super().__init__(folder / "redis")
        self.left = [kill, pause, forget_scripts, rewrite, tear, roll_back] + ([fill_disk] if self.mounted else [])
        self.kinds = list(self.left)

    def close(self):
        super().close()
        if self.mounted:
            subprocess.run(["umount", self.mount], check=True)


def lay_out(folder):
    redis = SmallDisk(folder / "disk")
    # One gateway: of several, one that lost nothing may give a lost number away before another says its event again.
    return redis, House(folder, f"unix:{redis.socket}", gateways=1)


def one_fault(redis, _house, dice):
    """Each kind once before any comes again."""
    kind = dice.choice(redis.left or redis.kinds)
    if kind in redis.left:
        redis.left.remove(kind)
    kind(redis, dice)
    return kind.__name__


def enough(faults):
    return {"kill", "tear", "roll_back"} <= set(faults)


if __name__ == "__main__":
    sys.exit(siege(lay_out, one_fault, enough))
