"""A real Redis Cluster of a test's own: three primaries, three replicas, on free ports of this machine."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
from groove import free_port, wait_for  # noqa: E402

NODE_TIMEOUT_MS = 1500  # then a silent primary is failed over


class RedisCluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ports = []
        while len(self.ports) < 6:  # a node also listens on its port + 10000
            port = free_port()
            if port < 55000 and port not in self.ports:
                self.ports.append(port)
        self.processes = {}
        for port in self.ports:
            self.start(port)
        self.cli(self.ports[0], "--cluster", "create", *[f"127.0.0.1:{p}" for p in self.ports],
                 "--cluster-replicas", "1", "--cluster-yes")
        wait_for("the cluster to be whole", self.whole)

    def address(self):
        return "cluster:" + ",".join(f"127.0.0.1:{port}" for port in self.ports[:2])

    def start(self, port):
        folder = self.folder / str(port)
        folder.mkdir(parents=True, exist_ok=True)
        self.processes[port] = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--cluster-enabled", "yes",
             "--cluster-node-timeout", str(NODE_TIMEOUT_MS), "--cluster-require-full-coverage", "no",
             "--appendonly", "yes", "--appendfsync", "always", "--save", "",
             "--min-replicas-to-write", "1", "--min-replicas-max-lag", "2", "--maxmemory-policy", "noeviction", "--logfile", folder / "log"],
            stdout=subprocess.DEVNULL)

        def answers():
            return self.cli(port, "ping", check=False).strip() == "PONG"
        wait_for(f"Redis on port {port}", answers)

    def cli(self, port, *arguments, check=True):
        done = subprocess.run(["redis-cli", "-p", str(port), *map(str, arguments)], capture_output=True, text=True, errors="replace", timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"redis-cli {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def living(self):
        return [port for port, process in self.processes.items() if process.poll() is None]

    def whole(self):
        """Every node knows all slots to be served, and every primary has a replica that holds all it holds."""
        for port in self.living():
            info = self.cli(port, "cluster", "info", check=False)
            if "cluster_state:ok" not in info or "cluster_slots_ok:16384" not in info:
                return False
        primaries = self.primaries()
        return len(primaries) == 3 and all(
            re.search(r"slave0:.*state=online", self.cli(port, "info", "replication", check=False)) for port in primaries)

    def primaries(self):
        return [port for port in self.living() if "role:master" in self.cli(port, "info", "replication", check=False)
                and self.slots(port)]

    def nodes(self, port):
        return [line.split() for line in self.cli(port, "cluster", "nodes", check=False).splitlines()]

    def id(self, port):
        return self.cli(port, "cluster", "myid").strip()

    def slots(self, port):
        """The ranges a primary says are its own."""
        mine = [node for node in self.nodes(port) if "myself" in node[2]]
        return [part for part in mine[0][8:] if not part.startswith("[")] if mine else []

    def move_slot(self, slot):
        """Moves one slot to another primary while it is used, as redis-cli's reshard does."""
        primaries = self.primaries()
        owner = next(p for p in primaries if any(self._holds(part, slot) for part in self.slots(p)))
        to = next(p for p in primaries if p != owner)
        self.cli(to, "cluster", "setslot", slot, "importing", self.id(owner))
        self.cli(owner, "cluster", "setslot", slot, "migrating", self.id(to))
        while keys := self.cli(owner, "cluster", "getkeysinslot", slot, 100).split():
            self.cli(owner, "migrate", "127.0.0.1", to, "", 0, 5000, "keys", *keys)
        for port in [to, owner] + [p for p in primaries if p not in (to, owner)]:
            self.cli(port, "cluster", "setslot", slot, "node", self.id(to))
        return owner, to

    @staticmethod
    def _holds(part, slot):
        first, _, last = part.partition("-")
        return int(first) <= slot <= int(last or first)

    def replica_of(self, primary):
        own = self.id(primary)
        return next(int(node[1].split("@")[0].rpartition(":")[2]) for node in self.nodes(primary) if node[3] == own)

    def fail_over(self, stall_s=0):
        """kill -9 of a primary; waits until its replica serves; starts it again as a replica. `stall_s`: so long the replica had
        heard nothing when its primary died, so that it takes over without the last moments."""
        victim = self.primaries()[0]
        if stall_s:
            replica = self.replica_of(victim)
            self.pause(replica)
            time.sleep(stall_s)
        others = [port for port in self.living() if port != victim]
        self.processes[victim].send_signal(signal.SIGKILL)
        self.processes[victim].wait()
        if stall_s:
            self.go_on(replica)
        wait_for("a replica to take over", lambda: len([p for p in self.primaries() if p in others]) == 3)
        self.start(victim)
        wait_for("the cluster to be whole again", self.whole)
        return victim

    def pause(self, port):
        os.kill(self.processes[port].pid, signal.SIGSTOP)

    def go_on(self, port):
        os.kill(self.processes[port].pid, signal.SIGCONT)

    def fields(self, pattern):
        """All keys that match, of all primaries."""
        return [(port, key) for port in self.primaries() for key in self.cli(port, "--scan", "--pattern", pattern).split()]

    def close(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
