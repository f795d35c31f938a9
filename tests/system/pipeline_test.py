#!/usr/bin/env python3
"""The whole pipeline as a listener, an operator and an auditor meet it: real processes, real Redis, killed for real."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tracks  # noqa: E402
from groove import BIN, TOP, Events, Groove, Listener, wait_for  # noqa: E402

STAGES = ["fetch-1", "cluster-1", "score-1", "ledger-1"]
WITH_BUS = "--no-fast-path" not in os.environ.get("GROOVE_UP", "")


def setUpModule():
    global groove, csv
    csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
    tracks.write(csv)
    groove = Groove([csv])
    groove.up()
    groove.ready()


def tearDownModule():
    groove.close()


def ids_of(batch):
    return [r["id"] for r in batch["recommendations"]]


def style_of(song):
    return song["artists"][0].split()[0]


class ListenerTest(unittest.TestCase):
    def setUp(self):
        self.listener = Listener(groove, f"Ada {uuid.uuid4()}")

    def pick(self, style, count=5):
        return [t["id"] for t in self.listener.search(f"{style} band", 50) if style_of(t) == style][:count]

    def test_twenty_songs_in_order_that_sound_like_those_picked(self):
        picked = self.pick("Metal")
        batch = self.listener.batch(self.listener.recommend(picked))
        songs = batch["recommendations"]
        self.assertEqual(len(songs), 20)
        self.assertEqual(len(set(ids_of(batch))), 20)
        self.assertFalse(set(ids_of(batch)) & set(picked))
        self.assertGreaterEqual(sum(style_of(s) == "Metal" for s in songs), 15)
        confidences = [s["confidence"] for s in songs]
        self.assertTrue(all(0 < c < 1 for c in confidences))
        self.assertTrue(all(s["because"] for s in songs))
        artists = [s["artists"][0] for s in songs]
        self.assertLessEqual(max(artists.count(a) for a in artists), 2)
        self.assertEqual(batch["confidence_basis"], "prior")
        self.assertIn("we do recommend giving these a shot", batch["disclaimer"])

    def test_search_does_not_mind_accents_or_case(self):
        found = {t["id"] for t in self.listener.search("elan metal band", 50)}
        self.assertTrue(found)
        self.assertEqual(found, {t["id"] for t in self.listener.search("ÉLAN Metal Band", 50)})

    def test_feedback_gives_a_visibly_new_batch_and_says_what_it_learned(self):
        first = self.listener.batch(self.listener.recommend(self.pick("Metal")))
        verdicts = {s: "disapprove" for s in ids_of(first)[:5]} | {s: "approve" for s in self.pick("Folk", 10)[5:]}
        second = self.listener.batch(self.listener.judge(verdicts))
        self.assertFalse(set(verdicts) & set(ids_of(second)))
        self.assertTrue(any(s["is_new"] for s in second["recommendations"]))
        count = lambda batch: sum(style_of(s) == "Folk" for s in batch["recommendations"])
        self.assertGreater(count(second), count(first))
        self.assertGreaterEqual(second["verdict_count"], 5)
        self.assertTrue(second["learned"])

    def test_a_repeated_event_id_is_one_event(self):
        picked, event = self.pick("Disco"), str(uuid.uuid4())
        first = self.listener.recommend(picked, event)
        again = self.listener.recommend(picked, event)
        self.assertEqual(first, again)
        self.assertEqual(self.listener.batch(first), self.listener.batch(again))

    def test_the_same_picks_give_two_listeners_the_same_songs(self):
        picked = self.pick("Techno")
        mine = self.listener.batch(self.listener.recommend(picked))
        theirs = Listener(groove, f"Bob {uuid.uuid4()}")
        other = theirs.batch(theirs.recommend(list(reversed(picked))))
        self.assertEqual(mine["recommendations"], other["recommendations"])

    def test_progress_of_each_stage_and_the_batch_arrive_as_events(self):
        events = Events(self.listener)
        accepted = self.listener.recommend(self.pick("Rap"))
        for stage in ("fetch", "cluster", "score") if WITH_BUS else ():
            events.wait(f"{stage} to be done", lambda e: e[0] == "progress" and e[2]["stage"] == stage
                        and e[2]["state"] == "done" and e[2]["id"] == accepted["id"])
        kind, number, batch = events.wait("the batch", lambda e: e[0] == "batch" and e[2]["id"] == accepted["id"])
        self.assertEqual(int(number), accepted["sequence"])
        self.assertEqual(batch, self.listener.batch(accepted))

    def test_a_browser_that_comes_back_is_sent_the_batch_it_missed(self):
        accepted = self.listener.recommend(self.pick("Rap"))
        self.listener.batch(accepted)
        events = Events(self.listener, last_event_id=0)
        events.wait("the missed batch", lambda e: e[0] == "batch" and e[2]["id"] == accepted["id"])

    def test_the_bus_has_its_sockets_or_there_is_none_at_all(self):
        sockets = {f.name for f in (groove.data / "run").iterdir() if f.suffix in (".z", ".pub")}
        self.assertEqual(sockets, {f"{n}{end}" for n in STAGES for end in (".z", ".pub")} if WITH_BUS else set())

    def test_unknown_songs_are_named_and_nothing_is_accepted(self):
        status, problem = self.listener.post(
            "/api/recommendations", {"basis": {"kind": "songs", "songs": ["no-such-song"]}})
        self.assertEqual(status, 422)
        self.assertIn("no-such-song", problem["detail"])
        self.assertEqual(self.listener.get("/api/recommendations")[0], 404)

    def test_what_is_served_is_what_openapi_says(self):
        done = subprocess.run([sys.executable, TOP / "tests/gateway/openapi_test.py", groove.url],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class CrashTest(unittest.TestCase):
    def setUp(self):
        self.listener = Listener(groove, f"Eve {uuid.uuid4()}")
        self.picked = [t["id"] for t in self.listener.search("folk band", 5)]

    def test_a_worker_killed_between_accept_and_commit_loses_nothing_and_doubles_nothing(self):
        for name in STAGES:
            with self.subTest(killed=name):
                groove.signal(name, signal.SIGSTOP)
                accepted = self.listener.recommend(self.picked)
                wait_for("the event to wait at the stopped worker", lambda: groove.waiting(name.split("-")[0]) > 0)
                groove.kill(name)
                batch = self.listener.batch(accepted)
                self.assertEqual(len(batch["recommendations"]), 20)
                self.assertEqual(batch["sequence"], accepted["sequence"])
        self.assertEqual(self.listener.get("/api/me")[1]["pending"], 0)

    def test_the_same_events_with_and_without_kills_give_the_same_batches(self):
        calm, hit = Listener(groove, f"Cal {uuid.uuid4()}"), Listener(groove, f"Hit {uuid.uuid4()}")
        for round_number in range(4):
            answers = []
            for listener, kill in ((calm, False), (hit, True)):
                if round_number == 0:
                    accepted = listener.recommend(self.picked)
                else:
                    accepted = listener.judge(verdicts)
                if kill:
                    groove.kill(STAGES[round_number])
                answers.append(listener.batch(accepted))
            self.assertEqual(answers[0]["recommendations"], answers[1]["recommendations"])
            songs = ids_of(answers[0])
            verdicts = {songs[0]: "approve", songs[1]: "disapprove"}

    def test_the_ledger_has_each_answer_once(self):
        accepted = self.listener.recommend(self.picked)
        batch = self.listener.batch(accepted)
        shown = groove.command("ledger", "show", batch["ledger"]["index"], "--data", groove.data, "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn(batch["ledger"]["leaf_hash"], shown.stdout)
        self.assertIn(accepted["id"], shown.stdout)
        again = self.listener.recommend(self.picked, accepted["id"])
        self.assertEqual(self.listener.batch(again)["ledger"], batch["ledger"])

    def test_a_batch_comes_out_the_same_when_it_is_computed_anew(self):
        index = self.listener.batch(self.listener.recommend(self.picked))["ledger"]["index"]
        replayed = groove.command("ledger", "replay", index, "--data", groove.data)
        self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)

    def test_strangers_can_verify_what_the_ledger_publishes(self):
        index = self.listener.batch(self.listener.recommend(self.picked))["ledger"]["index"]
        proof = groove.data / "x.tlog-proof"

        def proved():
            made = groove.command("ledger", "prove", index, "--data", groove.data)
            proof.write_text(made.stdout)
            return made.returncode == 0
        wait_for("the record's proof", proved)
        key = groove.data / "ledger/public/vkey"
        verified = groove.command("ledger", "verify", proof, "--vkey", key)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        proof.write_text(proof.read_text().replace(f"index {index}", f"index {index - 1}"))
        self.assertEqual(groove.command("ledger", "verify", proof, "--vkey", key).returncode, 1)
        with urllib.request.urlopen(f"{groove.url}/ledger/checkpoint") as head:
            self.assertEqual(head.headers["Content-Type"], "text/plain; charset=utf-8")
            self.assertTrue(head.read().startswith(b"groove.local/ledger\n"))
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{groove.url}/ledger/../private/log.key")

    def test_a_killed_redis_comes_back_with_what_was_accepted(self):
        groove.signal("fetch-1", signal.SIGSTOP)
        accepted = self.listener.recommend(self.picked)
        groove.kill("redis")
        groove.signal("fetch-1", signal.SIGCONT)
        self.assertEqual(len(self.listener.batch(accepted)["recommendations"]), 20)

    def test_a_killed_gateway_is_back_and_the_session_still_holds(self):
        accepted = self.listener.recommend(self.picked)
        groove.kill("gateway-1")
        wait_for("the gateway to answer", self.answers)
        self.assertEqual(self.listener.batch(accepted)["id"], accepted["id"])

    def answers(self):
        try:
            return self.listener.get("/healthz")[0] == 200
        except OSError:
            return False


class OperatorTest(unittest.TestCase):
    """Has a Groove of its own, for it is stopped and broken here."""

    def setUp(self):
        self.groove = Groove([csv])
        self.addCleanup(self.groove.close)

    def test_stopping_and_starting_keeps_everything(self):
        self.groove.up()
        self.groove.ready()
        listener = Listener(self.groove, "Ada")
        picked = [t["id"] for t in listener.search("disco band", 5)]
        batch = listener.batch(listener.recommend(picked))
        self.groove.signal("score-1", signal.SIGSTOP)
        pending = listener.judge({ids_of(batch)[0]: "approve"})
        self.groove.signal("score-1", signal.SIGCONT)
        self.assertIn("kept", self.groove.down().stdout)
        self.assertEqual(self.groove.down().returncode, 0, "stopping twice is no error")
        self.groove.up()
        self.assertEqual(listener.batch(pending)["sequence"], 2)
        self.assertEqual(self.groove.up() and listener.get("/api/session")[0], 200, "up twice is no error")

    def test_a_flipped_byte_in_the_ledger_is_found_and_its_record_named(self):
        self.groove.up()
        self.groove.ready()
        listener = Listener(self.groove, "Ada")
        picked = [t["id"] for t in listener.search("disco band", 5)]
        listener.batch(listener.recommend(picked))  # the first shares its group with the manifest
        batch = listener.batch(listener.recommend(picked))
        index = batch["ledger"]["index"]
        self.groove.down()
        self.assertEqual(self.groove.command("ledger", "verify", "--data", self.groove.data).returncode, 0)
        segment = next((self.groove.data / "ledger/private/seg").glob("*.seg"))
        content = bytearray(segment.read_bytes())
        self.assertNotIn(picked[0].encode(), content, "what a listener likes is sealed")
        at = content.index(uuid.UUID(batch["id"]).bytes)
        content[at + 200] ^= 1  # within the sealed bytes behind the leaf
        segment.write_bytes(content)
        found = self.groove.command("ledger", "verify", "--data", self.groove.data)
        self.assertEqual(found.returncode, 1)
        self.assertIn(f"record {index}", found.stdout + found.stderr)

    def test_a_start_without_songs_takes_a_csv_by_upload(self):
        self.groove.tracks = []
        self.groove.up()
        listener = Listener(self.groove, "Ada")
        self.assertEqual(listener.get("/api/library")[1]["state"], "empty")
        status, problem = listener.post("/api/recommendations", {"basis": {"kind": "songs", "songs": ["x"]}})
        self.assertEqual(status, 409, problem)
        status, body = listener.request("POST", "/api/library?name=tracks.csv", csv.read_bytes(),
                                        {"Content-Type": "text/csv"})
        self.assertEqual(status, 202, body)
        self.groove.ready()
        self.assertEqual(listener.get("/api/library")[1]["songs"], 3000)
        picked = [t["id"] for t in listener.search("disco band", 5)]
        self.assertEqual(len(listener.batch(listener.recommend(picked))["recommendations"]), 20)

    def test_the_doctor_finds_what_is_well_and_what_is_not(self):
        self.groove.up()
        self.groove.ready()
        done = self.groove.command("doctor", "--data", self.groove.data)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.groove.down()
        (self.groove.data / "model.groove").unlink()
        done = self.groove.command("doctor", "--data", self.groove.data)
        self.assertEqual(done.returncode, 1)
        self.assertIn("groove clusterer train", done.stdout)

    def test_a_killed_supervisor_is_cleared_away_by_the_next_start(self):
        self.groove.up()
        os.kill(self.groove.pid("supervisor"), signal.SIGKILL)
        self.groove.up()
        self.groove.ready()
        self.assertEqual(Listener(self.groove, "Ada").get("/api/session")[0], 200)


class CommandTest(unittest.TestCase):
    def test_recommending_without_a_server_gives_the_same_bytes_each_time(self):
        rows = [line.split(",")[0] for line in csv.read_text().splitlines()[1:] if "Metal Band" in line][:5]
        command = ["scorer", "recommend", "--catalog", groove.data / "catalog.groove", "--model",
                   groove.data / "model.groove", "--like", *rows, "--json"]
        first, second = groove.command(*command), groove.command(*command)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(first.stdout, second.stdout)

    def test_every_program_explains_itself_and_refuses_what_it_does_not_know(self):
        for program in ("fetcher", "clusterer", "scorer", "ledger", "gateway"):
            self.assertEqual(groove.command(program, "--help").returncode, 0, program)
            self.assertEqual(groove.command(program, "no-such-thing").returncode, 2, program)
        self.assertEqual(groove.command("no-such-program").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
