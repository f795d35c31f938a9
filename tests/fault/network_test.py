#!/usr/bin/env python3
"""The house on bad wires: each process reaches Redis over a relay of its own that delays, throttles, goes silent in one direction or
both, or breaks off. Nothing is lost, nothing is doubled.

usage: network_test.py [--minutes N] [--seed S]
"""
import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

from house import House, RedisServer, judge, send_home, send_people
from bad_wire import BadWire  # after house, which says where groove.py is


def one_fault(wires, dice):
    name = dice.choice(sorted(wires))
    wire, kind = wires[name], dice.choice(["slow", "narrow", "deaf", "dumb", "silent", "broken"])
    lasts_s = dice.uniform(0.2, 1.5)
    if kind == "slow":
        wire.delay_s = 0.05
    elif kind == "narrow":
        wire.bytes_per_s = 10_000
    elif kind == "broken":
        wire.break_off()
        lasts_s = 0
    else:
        wire.silent = {"deaf": {"back"}, "dumb": {"there"}, "silent": {"there", "back"}}[kind]
    time.sleep(lasts_s)
    wire.heal()
    return f"{name} {kind} for {lasts_s:.1f} s"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="groove-network-"))
    redis = RedisServer(folder / "redis")
    wires = {}

    def own_wire(name):
        wires[name] = BadWire(("127.0.0.1", redis.port))
        return f"tcp:127.0.0.1:{wires[name].port}"
    house, stop, code = House(folder, own_wire), threading.Event(), 1
    try:
        house.all_ready()
        people = send_people(house, 5, stop)
        end, faults = time.monotonic() + options.minutes * 60, []
        while time.monotonic() < end:
            time.sleep(dice.uniform(0.05, 0.4))
            faults.append(one_fault(wires, dice))
            print(f"  {faults[-1]}", flush=True)
        send_home(people, stop)
        code = judge(redis, house, people, len(faults))
    finally:
        house.close()
        redis.close()
        if code:
            print(house.logs())
            print(f"the folder is kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
