#!/usr/bin/env python3
"""The house on bad wires: each process reaches Redis over a relay of its own that delays, throttles, goes silent in one direction or
both, or breaks off. Nothing is lost, nothing is doubled.

usage: network_test.py [--minutes N] [--seed S]
"""
import sys
import time

from house import House, RedisServer, siege
from bad_wire import BadWire  # after house, which says where groove.py is


def lay_out(folder):
    redis, wires = RedisServer(folder / "redis"), {}

    def own_wire(name):
        wires[name] = BadWire(("127.0.0.1", redis.port))
        return f"tcp:127.0.0.1:{wires[name].port}"
    house = House(folder, own_wire)
    house.wires = wires
    return redis, house


def one_fault(_redis, house, dice):
    wires = house.wires
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


if __name__ == "__main__":
    sys.exit(siege(lay_out, one_fault))
