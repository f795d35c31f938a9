"""A house whose processes and Redis are in the test's own hands, people who use it, and the sum that must come out afterwards."""
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))
import tracks  # noqa: E402
from fault_test import STAGES, Person, read_options, send_home  # noqa: E402
from groove import BIN, Listener, free_port, wait_for  # noqa: E402

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"

class RedisServer:
    """One Redis, configured as deploy/ configures it, reached by a UNIX socket and a port."""

    def __init__(self, folder, *options):
        self.folder, self.options = pathlib.Path(folder), options
        self.folder.mkdir(parents=True)
        self.socket, self.port = self.folder / "redis.sock", free_port()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [DEPLOY / "start-redis", self.folder, "--unixsocket", self.socket, "--port", str(self.port), "--bind", "127.0.0.1",
             "--logfile", self.folder / "log", *self.options], stdout=subprocess.DEVNULL)
        wait_for("Redis", lambda: self.cli(None, "ping", check=False).strip() == "PONG")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cli(self, _node, *arguments, check=True):
        done = subprocess.run(["redis-cli", "-s", self.socket, *map(str, arguments)], capture_output=True, text=True, errors="replace", timeout=20)
        if check and done.returncode != 0:
            raise AssertionError(f"redis-cli {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def fields(self, pattern):
        return [(None, key) for key in self.cli(None, "--scan", "--pattern", pattern).split()]

    def close(self):
        self.process.kill()
        self.process.wait()


class House:
    """Gateways and workers, started by hand on an address of Redis."""

    def __init__(self, folder, redis, gateways=2):
        """`redis`: an address, or a function that gives each process its own by its name."""
        self.folder = pathlib.Path(folder)
        self.redis = redis if callable(redis) else lambda name: redis
        self.data, self.run = self.folder / "data", self.folder / "run"
        (self.data / "tracks").mkdir(parents=True)
        (self.data / "log").mkdir()
        self.run.mkdir()
        tracks.write(self.data / "tracks/tracks.csv")
        self.ports = [free_port() for _ in range(gateways)]
        self.processes = {}
        for name, program in [("ledger-1", "ledger"), ("score-1", "scorer"), ("score-2", "scorer"), ("cluster-1", "clusterer"),
                              ("fetch-1", "fetcher")]:
            self.start(name, program)
        for number, port in enumerate(self.ports, 1):
            self.start(f"gateway-{number}", "gateway", "--port", port)

    def start(self, name, program, *options):
        log = open(self.data / "log" / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            [BIN / f"groove-{program}", "run", "--data", self.data, "--run", self.run, "--redis", self.redis(name), "--name", name,
             *map(str, options)], stdout=log, stderr=log)

    def door(self, number):
        """What a Listener speaks to."""
        port = self.ports[number % len(self.ports)]
        return type("Door", (), {"url": f"http://127.0.0.1:{port}", "port": port})

    def is_ready(self, number):
        try:
            return Listener(self.door(number)).get("/api/library")[1].get("state") == "ready"
        except OSError:
            return False  # not listening yet

    def died(self):
        return [f"{name} ended with {process.returncode}" for name, process in self.processes.items() if process.poll() is not None]

    def all_ready(self):
        for number in range(len(self.ports)):
            wait_for("songs to be ready", lambda: self.is_ready(number))

    def logs(self):
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in sorted((self.data / "log").glob("*.log")))

    def close(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)


class Somebody(Person):
    """A person whose gateway may answer 503 while a primary is being replaced; the same id is sent until it is accepted."""

    def __init__(self, house, number, stop):
        super().__init__(house.door(number), number, stop)


def add_up(redis, house, people):
    """What is wrong: nothing, when each accepted event had its one effect."""
    wrong = house.died()
    for person in people:
        sequences = sorted(person.accepted.values())
        if sequences != list(range(1, len(sequences) + 1)):
            wrong.append(f"{person.name_}: sequences {sequences}")
        for event in person.accepted:
            status, answer = person.listener.get(f"/api/recommendations/{event}")
            # Older answers than the last 64 are not kept.
            if status != 200 and person.accepted[event] > len(sequences) - 60:
                wrong.append(f"{person.name_}: event {event} has no answer: {status} {answer}")
    for port, key in redis.fields("{p*}:u:*"):
        pairs = re.findall(r'\d+\) "(seq|v:\w+)"\n\s*\d+\) "(\d+)"', redis.cli(port, "--no-raw", "hgetall", key))
        fields = {name: int(value) for name, value in pairs}
        if any(fields.get(f"v:{stage}") != fields["seq"] for stage in STAGES):
            wrong.append(f"{key}: {fields}")
    for what in ["{p*}:att", "{p*}:dlq"]:
        wrong += [f"{key} is left" for _, key in redis.fields(what)]
    verified = subprocess.run([BIN / "groove-ledger", "verify", "--data", house.data, "--json"], capture_output=True, text=True)
    if verified.returncode != 0:
        wrong.append(f"the ledger: {verified.stdout}{verified.stderr}")
    for log in (house.data / "log").glob("*.log"):
        for line in log.read_text(errors="replace").splitlines():
            if "critical" in line or "was taken by another event" in line:
                wrong.append(f"{log.name}: {line}")
    return wrong


def waiting(redis):
    """Entries that no worker has consumed yet."""
    return sum(int(redis.cli(port, "xlen", key)) for stage in STAGES for port, key in redis.fields(f"{{p*}}:q:{stage}"))


def leftovers(redis):
    """What lies in the queues, to understand why it does."""
    return [f"{key}: {redis.cli(node, 'xlen', key).strip()} left, the first {redis.cli(node, 'xrange', key, '-', '+', 'count', 1)[:120]!r}"
            for stage in STAGES for node, key in redis.fields(f"{{p*}}:q:{stage}") if redis.cli(node, "xlen", key).strip() != "0"]


def send_people(house, count, stop):
    people = [Somebody(house, number, stop) for number in range(count)]
    for person in people:
        person.start()
    wait_for("the first events", lambda: all(person.accepted or person.failed for person in people))
    return people


def judge(redis, house, people, faults):
    """Waits until nothing is left to do; prints what is wrong. The exit code."""
    try:
        wait_for("nothing to be left to do", lambda: waiting(redis) == 0)
        wrong = []
    except AssertionError as stuck:
        wrong = [str(stuck)] + leftovers(redis)
    wrong += add_up(redis, house, people)
    events = sum(len(person.accepted) for person in people)
    print(f"{faults} faults, {events} events accepted, {len(wrong)} violations")
    for violation in wrong:
        print("  " + violation)
    return 1 if wrong or not events else 0


def keep_or_clear(code, house, folder):
    """What a failed test leaves to look at; nothing of one that went well."""
    if code:
        print(house.logs())
        print(f"the folder is kept: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)


def siege(lay_out, one_fault, enough=lambda faults: True):
    """The whole of a fault test: `lay_out(folder)` gives Redis and a house, `one_fault(redis, house, dice)` does one thing to them and says
    what, again and again until the time is up and it is `enough`. The exit code."""
    options = read_options(0.5)
    dice = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="groove-siege-"))
    redis, house = lay_out(folder)
    stop, code = threading.Event(), 1
    try:
        house.all_ready()
        people = send_people(house, 5, stop)
        end, faults = time.monotonic() + options.minutes * 60, []
        while time.monotonic() < end or not enough(faults):
            time.sleep(dice.uniform(0.1, 0.8))
            faults.append(one_fault(redis, house, dice))
            print(f"  {faults[-1]}", flush=True)
        send_home(people, stop)
        code = judge(redis, house, people, len(faults))
    finally:
        house.close()
        redis.close()
        keep_or_clear(code, house, folder)
    return code
