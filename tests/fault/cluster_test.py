#!/usr/bin/env python3
"""The house on a real Redis Cluster: slots move and primaries die under load; nothing is lost, nothing is doubled.

usage: cluster_test.py [--minutes N] [--seed S]
"""
import sys
import time

from house import House, siege
from redis_cluster import RedisCluster


def lay_out(folder):
    cluster = RedisCluster(folder / "redis")
    return cluster, House(folder, cluster.address())


def one_fault(cluster, _house, dice):
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


def enough(faults):
    return any("killed" in fault for fault in faults)


if __name__ == "__main__":
    sys.exit(siege(lay_out, one_fault, enough))
