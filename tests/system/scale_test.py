#!/usr/bin/env python3
"""Several of each worker and several web servers: joining and leaving under load, on one host and on two."""
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
import unittest
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "fault")]
import tracks  # noqa: E402
from fault_test import STAGES, Person, check  # noqa: E402
from groove import TOP, Events, Groove, Listener, free_port, wait_for  # noqa: E402

SEED = int(os.environ.get("GROOVE_SEED", time.time()))
DRAIN_S = 5  # a stage has 2 s, the ledger syncs besides, the machine may be busy


def setUpModule():
    global csv
    csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
    tracks.write(csv)


class Wanderer(Person):
    """Goes to another of the doors with each event."""

    def send(self, path, body):
        self.listener.groove = self.dice.choice(self.groove.doors)
        super().send(path, body)


class Load:
    """Listeners who go on and on; afterwards everything must add up."""

    def __init__(self, groove, people=5):
        self.groove, self.stop = groove, threading.Event()
        self.people = [Wanderer(groove, number, self.stop) for number in range(people)]
        for person in self.people:
            person.start()

    def accepted(self):
        return sum(len(person.accepted) for person in self.people)

    def goes_on(self, test, events=10):
        """Waits until that many more events were accepted."""
        goal = self.accepted() + events
        wait_for("the load to go on", lambda: self.accepted() >= goal or any(p.failed for p in self.people))
        test.assertFalse([p.failed for p in self.people if p.failed])

    def end(self, test):
        self.stop.set()
        for person in self.people:
            person.join(60)
            test.assertFalse(person.is_alive() or person.failed, (person.name_, person.failed))
        wait_for("nothing to be left to do", lambda: all(self.groove.waiting(stage) == 0 for stage in STAGES))
        events, wrong = check(self.groove, self.people)
        test.assertEqual(wrong, [], f"seed {SEED}, {events} events")
        test.assertGreater(events, 20)


def delivered(pid):
    """Whether no signal waits to be delivered to that process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    pending = [line.split()[1] for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
    return all(int(mask, 16) == 0 for mask in pending)


class OneHostTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.groove = Groove([csv], options=["--workers", "2", "--ledger", "2", "--gateways", "2"], gateways=2)
        cls.addClassCleanup(cls.groove.close)  # however the start goes
        cls.groove.up()
        cls.groove.ready()

    def members(self, stage):
        now = int(self.groove.redis("time").split("\n")[0]) * 1000
        names = self.groove.redis("zrangebyscore", f"{{reg}}:{stage}", now, "+inf").split("\n")
        return sorted(name.split("|")[0] for name in names if name)

    def test_workers_and_gateways_join_and_leave_under_load_and_nothing_is_lost(self):
        dice, load = random.Random(SEED), Load(self.groove)
        load.goes_on(self)
        for _ in range(5):
            stage = dice.choice(["fetch", "cluster", "score"])
            count = dice.choice([1, 3])
            self.groove.scale(stage, count)
            wait_for(f"{count} of {stage}", lambda: len(self.members(stage)) == count)
            load.goes_on(self)
            self.groove.scale(stage, 2)
        for name in ["score-2", "cluster-1", "fetch-2", "ledger-1", "gateway-2"]:
            self.groove.restart(name)
            load.goes_on(self)
        load.end(self)

    def test_what_is_posted_at_one_door_is_heard_at_the_other(self):
        listener = Listener(self.groove.doors[0], f"Ada {uuid.uuid4()}")
        other = listener.at(self.groove.doors[1])
        events = Events(other)
        picked = [t["id"] for t in listener.search("disco band", 5)]

        def told_of_all(asked):
            """The batch comes for certain. Progress may be lost, by a worker that has just come back say."""
            accepted = asked.recommend(picked)
            batch = events.wait("the batch", lambda e: e[0] == "batch" and e[2]["id"] == accepted["id"])[2]
            self.assertEqual(batch, listener.batch(accepted))
            done = {e[2]["stage"] for e in events.seen if e[0] == "progress" and e[2]["state"] == "done"
                    and e[2]["id"] == accepted["id"]}
            return done >= {"fetch", "cluster", "score"}
        for asked in (listener, other):
            wait_for("all stages to tell", lambda: told_of_all(asked))

    def test_the_second_ledger_writes_when_the_first_dies(self):
        listener = Listener(self.groove, f"Ada {uuid.uuid4()}")
        picked = [t["id"] for t in listener.search("rap band", 5)]
        for _ in range(2):  # there and back
            wait_for("one to write", lambda: len(self.members("ledger")) == 1)
            writer = self.members("ledger")[0]
            self.groove.kill(writer)
            self.assertEqual(len(listener.batch(listener.recommend(picked))["recommendations"]), 20)
            wait_for("the other to write", lambda: self.members("ledger") not in ([], [writer]))
            # The first one's registration runs out, and it stands by.
            wait_for("the first to stand by", lambda: "standing by" in
                     (self.groove.data / "log" / f"{writer}.log").read_text().split("ready:")[-1])
        verified = self.groove.command("ledger", "verify", "--data", self.groove.data)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_a_worker_that_is_told_to_stop_is_gone_within_its_deadline(self):
        for name in ["score-2", "cluster-2", "fetch-2", "ledger-2", "gateway-2"]:
            pid, began = self.groove.pid(name), time.monotonic()
            os.kill(pid, signal.SIGTERM)
            wait_for(f"{name} to go", lambda: not pathlib.Path(f"/proc/{pid}").exists())
            self.assertLess(time.monotonic() - began, DRAIN_S, name)
            wait_for(f"{name} to be back", lambda: (self.groove.data / "run" / f"{name}.pid").exists()
                     and self.groove.pid(name) != pid)

    def test_told_twice_it_goes_at_once(self):
        wait_for("the scorer to work", lambda: "score-2" in self.members("score"))
        pid = self.groove.pid("score-2")
        self.groove.signal("redis", signal.SIGSTOP)  # so that leaving takes its time
        try:
            os.kill(pid, signal.SIGTERM)
            wait_for("the first to arrive", lambda: delivered(pid))
            os.kill(pid, signal.SIGTERM)
            began = time.monotonic()
            wait_for("it to go", lambda: not pathlib.Path(f"/proc/{pid}").exists())
            self.assertLess(time.monotonic() - began, 2)
        finally:
            self.groove.signal("redis", signal.SIGCONT)
        wait_for("it to be back", lambda: "score-2" in self.members("score"))

    def test_the_doctor_and_scale_know_them_all(self):
        doctor = self.groove.command("doctor", "--data", self.groove.data)
        self.assertEqual(doctor.returncode, 0, doctor.stdout)
        for name in ["gateway-2", "score-2", "ledger-2"]:
            self.assertIn(f"{name} runs", doctor.stdout)
        self.assertIn("score 2 wanted, 2 running", self.groove.command("scale", "--data", self.groove.data).stdout)
        for wrong in (["score", "many"], ["door", "2"], ["score"]):
            self.assertEqual(self.groove.command("scale", *wrong, "--data", self.groove.data).returncode, 2)


class TwoHostsTest(unittest.TestCase):
    """Two data folders, one Redis by tcp, and CURVE between them: the second has nothing but a scorer."""

    def setUp(self):
        self.redis_port = free_port()
        folder = tempfile.mkdtemp(prefix="groove-redis-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.redis = subprocess.Popen(["redis-server", TOP / "deploy/redis.conf", "--port", str(self.redis_port),
                                       "--bind", "127.0.0.1", "--dir", folder], stdout=subprocess.DEVNULL)
        self.addCleanup(self.redis.wait)
        self.addCleanup(self.redis.kill)
        shared = ["--redis", f"tcp:127.0.0.1:{self.redis_port}"]
        self.home = Groove([csv], options=[*shared, "--listen", "tcp://127.0.0.1", "--score", "0"])
        self.home.redis = self.ask_redis
        self.kitchen = Groove(options=[*shared, "--listen", "tcp://127.0.0.2", "--fetch", "0", "--cluster", "0",
                                       "--ledger", "0", "--gateways", "0"])
        for house in (self.kitchen, self.home):
            self.addCleanup(house.close)

    def ask_redis(self, *arguments):
        done = subprocess.run(["redis-cli", "-p", str(self.redis_port), *map(str, arguments)], capture_output=True,
                              text=True, timeout=20, check=True)
        return done.stdout.strip()

    def keys(self, house, *words):
        done = house.command("keys", *words, "--data", house.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def refused(self):
        return "turned away" in "".join((self.home.data / "log" / f"{name}.log").read_text()
                                        for name in ("ledger-1", "cluster-1", "fetch-1"))

    def test_a_scorer_on_another_host_serves_and_its_keys_change_under_load(self):
        at_home, in_kitchen = self.keys(self.home, "make"), self.keys(self.kitchen, "make")
        self.assertEqual((self.kitchen.data / "bus/secret").stat().st_mode & 0o777, 0o600)
        self.keys(self.home, "allow", in_kitchen, "--name", "kitchen")
        self.home.up()
        wait_for("the catalogue and the model", lambda: (self.home.data / "model.groove").exists())
        for name in ("catalog.groove", "model.groove"):
            shutil.copy(self.home.data / name, self.kitchen.data / name)

        # The kitchen does not know home yet: by Redis alone it still serves.
        self.kitchen.up()
        self.home.ready()
        listener = Listener(self.home, "Ada")
        picked = [t["id"] for t in listener.search("disco band", 5)]
        self.assertEqual(len(listener.batch(listener.recommend(picked))["recommendations"]), 20)
        self.assertIn("turned away", wait_for("the refusal to be told", lambda: (
            text := (self.kitchen.data / "log/score-1.log").read_text()) and "turned away" in text and text))
        self.keys(self.kitchen, "allow", at_home, "--name", "home")
        events = Events(listener)
        accepted = listener.recommend(picked)
        events.wait("the batch", lambda e: e[0] == "batch" and e[2]["id"] == accepted["id"])
        scorer = self.ask_redis("zrange", "{reg}:score", "0", "-1")
        self.assertTrue(scorer.startswith("score-1.127.0.0.2|tcp://127.0.0.2:"), scorer)
        self.assertIn(in_kitchen, scorer)

        # Rotation, step by step as deploy/KEYS.md has it.
        load = Load(self.home, 3)
        load.goes_on(self)
        renewed = self.keys(self.kitchen, "next")
        self.keys(self.home, "allow", renewed, "--name", "kitchen")
        load.goes_on(self)
        self.assertEqual(self.keys(self.kitchen, "switch"), renewed)
        self.kitchen.restart()
        load.goes_on(self)
        self.keys(self.home, "remove", in_kitchen)
        self.keys(self.kitchen, "remove", in_kitchen)
        load.goes_on(self)
        self.assertFalse(self.refused(), "a step of the rotation was out of order")
        self.assertIn(renewed, self.ask_redis("zrange", "{reg}:score", "0", "-1"))
        load.end(self)

    def test_without_keys_a_worker_for_other_hosts_does_not_start(self):
        started = subprocess.run([TOP / "build/release/bin/groove-scorer", "run", "--data", self.kitchen.data, "--listen",
                                  "tcp://127.0.0.1"], capture_output=True, text=True, timeout=20)
        self.assertEqual(started.returncode, 2)
        self.assertIn("groove keys make", started.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
