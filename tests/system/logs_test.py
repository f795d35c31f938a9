#!/usr/bin/env python3
"""A house of several logs under a root: two workers share three logs, each answer is in one of them and provable by the
root's key, and joining, dying, sealing and erasing lose nothing."""
import json
import pathlib
import re
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tracks  # noqa: E402
from groove import Groove, Listener, wait_for  # noqa: E402

LISTENERS = 8


class LogsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
        tracks.write(csv)
        cls.groove = Groove([csv], options=["--ledger", "2"])
        cls.addClassCleanup(cls.groove.close)  # however the start goes
        made = cls.groove.command("ledger", "init", "--logs", 3, "--origin", "groove.test/ledger", "--data", cls.groove.data)
        assert made.returncode == 0, made.stderr
        cls.groove.up()
        cls.groove.ready()
        cls.people = [Listener(cls.groove, f"listener {number}") for number in range(LISTENERS)]

    def ask_all(self):
        """A batch for each listener: what they got."""
        asked = [(one, one.recommend([s["id"] for s in one.search("a")[:3]])) for one in self.people]
        return [one.batch(accepted) for one, accepted in asked]

    def receipt(self, listener, batch):
        def given():
            try:
                with listener.opener.open(self.groove.url + batch["ledger"]["receipt"], timeout=30) as reply:
                    return reply.read()
            except urllib.error.HTTPError as error:
                self.assertEqual(error.code, 503)
        return wait_for("the receipt", given)

    def test_1_each_answer_is_in_one_log_and_has_its_receipt(self):
        origins = set()
        for listener, batch in zip(self.people, self.ask_all()):
            proof = self.receipt(listener, batch)
            origin = re.search(rb"\n\n(groove.test/ledger/\d\d)\n", proof)[1].decode()
            origins.add(origin)
            with urllib.request.urlopen(f"{self.groove.url}/ledger/logs/{origin[-2:]}/vkey") as key:
                vkey = key.read().decode().strip()
            kept = pathlib.Path(self.groove.data, "receipt.tlog-proof")
            kept.write_bytes(proof)
            verified = self.groove.command("ledger", "verify", kept, "--vkey", vkey)
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
            self.assertIn("20 songs", verified.stdout)
        self.assertGreater(len(origins), 1, "several logs are written")

    def test_2_workers_share_and_take_over(self):
        self.groove.kill("ledger-1")
        self.ask_all()
        self.groove.scale("ledger", 1)
        self.ask_all()
        self.groove.scale("ledger", 2)
        self.ask_all()

    def test_3_sealing_and_a_new_key_while_it_runs(self):
        rotated = self.groove.command("ledger", "rotate", "--log", "logs/01", "--data", self.groove.data)
        self.assertEqual(rotated.returncode, 0, rotated.stderr)
        changed = self.groove.command("ledger", "rotate-key", "--data", self.groove.data)  # the root's
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.ask_all()
        with urllib.request.urlopen(f"{self.groove.url}/ledger/logs/01/2/checkpoint") as head:
            self.assertTrue(head.read().startswith(b"groove.test/ledger/01/2\n"))

    def test_4_all_is_as_it_was_written_and_computed(self):
        self.groove.down()
        published = self.groove.command("ledger", "publish", "--data", self.groove.data)
        self.assertEqual(published.returncode, 0, published.stderr)
        audit = self.groove.command("ledger", "audit", "--json", "--data", self.groove.data)
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)
        *logs, replayed = map(json.loads, audit.stdout.splitlines())
        self.assertEqual(len(logs), 5, "the root, three logs, and the one that follows a sealed one")
        self.assertEqual(replayed["same"], 5 * LISTENERS)
        self.assertEqual(replayed["other"], 0)
        root = (self.groove.data / "ledger/public/vkey").read_text().strip()
        proof = self.groove.command("ledger", "prove", 1, "--rooted", "--log", "logs/00", "--data", self.groove.data)
        self.assertEqual(proof.returncode, 0, proof.stderr)
        kept = self.groove.data / "rooted.tlog-proof"
        kept.write_text(proof.stdout)
        self.assertEqual(self.groove.command("ledger", "verify", kept, "--vkey", root).returncode, 0)


if __name__ == "__main__":
    unittest.main()
