#!/usr/bin/env python3
"""The house on a real Redis Cluster: slots move and primaries die under load; nothing is lost, nothing is doubled.

usage: cluster_test.py [--minutes N] [--seed S]
"""
import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

from house import House, judge, send_home, send_people
from redis_cluster import RedisCluster


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
        house.all_ready()
        people = send_people(house, 6, stop)
        end, faults = time.monotonic() + options.minutes * 60, []
        while time.monotonic() < end or not any("killed" in fault for fault in faults):
            time.sleep(dice.uniform(0.1, 1.0))
            faults.append(one_fault(cluster, dice))
            print(f"  {faults[-1]}", flush=True)
        send_home(people, stop)
        code = judge(cluster, house, people, len(faults))
    finally:
        house.close()
        cluster.close()
        if code:
            print(house.logs())
            print(f"the folder is kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
