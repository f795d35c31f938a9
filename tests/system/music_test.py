#!/usr/bin/env python3
"""Music folders as their owner meets them: real files, a real scan killed for real, a running Groove that hears
of new files, recommends from folders and playlists, and plays."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import songs  # noqa: E402
from groove import BIN, Groove, Listener, wait_for  # noqa: E402

FORMATS = ["mp3", "flac", "ogg", "opus", "m4a", "wav"]


def retag(path, title):
    """The same packets in a new file with another title."""
    fresh = path.with_name("fresh" + path.suffix)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, "-c", "copy", "-metadata", f"title={title}", fresh],
                   check=True, timeout=60)
    fresh.rename(path)


def analyze(folder, catalog, *more):
    done = subprocess.run([BIN / "groove", "fetcher", "analyze", folder, "--catalog", catalog, "--json", *more],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class AnalyzeTest(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="groove-music-"))
        self.music, self.catalog = self.top / "music", self.top / "data/catalog.groove"
        self.catalog.parent.mkdir()
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)

    def test_every_format_is_heard_and_what_is_broken_is_told(self):
        for number, ending in enumerate(FORMATS):
            songs.make(self.music / f"song{number}.{ending}", number)
        whole = (self.music / "song1.flac").read_bytes()
        (self.music / "empty.mp3").touch()
        (self.music / "text.mp3").write_text("no music\n" * 1000)
        (self.music / "cut.flac").write_bytes(whole[:len(whole) // 3])
        (self.music / "noise.ogg").write_bytes(os.urandom(200_000))
        (self.music / "cover.jpg").write_bytes(b"\xff\xd8\xff")
        (self.music / "loop").symlink_to(self.music)
        report = analyze(self.music, self.catalog)
        self.assertEqual(report["analysed"], len(FORMATS), report)
        catalog = self.catalog.read_bytes()
        for number, ending in enumerate(FORMATS):
            for tag in ("Song", "Artist"):
                self.assertIn(f"{tag} {number}".encode(), catalog, f"{tag} of {ending}")
        left_out = {pathlib.Path(line["path"]).name: line["reason"] for line in report["left_out"]}
        self.assertEqual(set(left_out), {"empty.mp3", "text.mp3", "cut.flac", "noise.ogg"})
        self.assertTrue(all(left_out.values()))
        self.assertEqual({pathlib.Path(line["path"]).name for line in report["passed"]}, {"cover.jpg", "loop"})
        text = (self.catalog.parent / "analyses/report.txt").read_text()
        self.assertEqual(len(text.splitlines()), 6)

    def test_a_killed_scan_loses_at_most_the_song_under_way(self):
        for number in range(12):
            songs.make(self.music / f"{number}.wav", number, 20)
        command = [BIN / "groove-fetcher", "analyze", self.music, "--catalog", self.catalog, "--jobs", "1"]
        scan = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        records = self.catalog.parent / "analyses/records"
        wait_for("some songs to be heard", lambda: records.exists() and records.stat().st_size > 8_000)
        scan.send_signal(signal.SIGKILL)
        scan.wait()
        self.assertFalse(self.catalog.exists(), "the scan was over before it could be killed")
        report = analyze(self.music, self.catalog)
        self.assertLess(report["analysed"], 12, "nothing was kept")
        self.assertEqual(report["catalog_songs"], 12)
        before = self.catalog.read_bytes()
        again = analyze(self.music, self.catalog)
        self.assertEqual((again["analysed"], again["known"]), (0, 12))
        self.assertEqual(self.catalog.read_bytes(), before)

    def test_moving_and_retagging_change_no_id(self):
        for number, ending in enumerate(FORMATS):
            songs.make(self.music / f"song{number}.{ending}", number)
        analyze(self.music, self.catalog)
        files = self.catalog.parent / "files.groove"
        before = files.read_bytes()
        (self.music / "deep/er").mkdir(parents=True)
        for number, ending in enumerate(FORMATS):
            path = self.music / f"song{number}.{ending}"
            if ending != "wav":  # FFmpeg may cut its packets elsewhere
                retag(path, f"New title {number}")
            path.rename(self.music / f"deep/er/{number}.{ending}")
        report = analyze(self.music, self.catalog)
        self.assertEqual(report["analysed"], 0, report)
        self.assertEqual(report["catalog_songs"], len(FORMATS))
        self.assertNotEqual(files.read_bytes(), before)
        self.assertIn(b"New title 1", self.catalog.read_bytes())


    def test_clusters_are_of_how_songs_go_on(self):
        # What swells and what dies away are the same chords, as loud on average: only the series tells them apart.
        for number in range(12):
            songs.make(self.music / f"{number}.ogg", 84 * number, 10 + number, "in" if number < 7 else "out")
        analyze(self.music, self.catalog)
        model = self.top / "model.groove"
        done = subprocess.run([BIN / "groove", "clusterer", "train", "--catalog", self.catalog, "--model", model,
                               "--clusters", "2", "--json"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        trained = json.loads(done.stdout)
        self.assertEqual((trained["metric"], trained["songs_with_series"]), ("dtw", 12))
        self.assertEqual(sorted(c["size"] for c in trained["clusters"]), [5, 7])


class HouseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix="groove-music-"))
        cls.music = cls.top / "My music"
        for number in range(30):
            songs.make(cls.music / f"box {number % 3}/{number}.ogg", number)
        (cls.music / "list.m3u8").write_text("box 0/0.ogg\nbox 1/1.ogg\n/gone/away.ogg\n")
        (cls.music / "copyright").write_text("Everybody may.\n")
        (cls.top / "secret.ogg").write_text("secret")
        cls.groove = Groove(music=[cls.music])
        cls.groove.up()
        cls.groove.ready()

    @classmethod
    def tearDownClass(cls):
        cls.groove.close()
        shutil.rmtree(cls.top, ignore_errors=True)

    def setUp(self):
        self.listener = Listener(self.groove, f"Ada {uuid.uuid4()}")

    def ask(self, basis):
        status, accepted = self.listener.post("/api/recommendations", {"basis": basis})
        self.assertEqual(status, 202, accepted)
        return self.listener.batch(accepted)

    def sources(self):
        status, body = self.listener.get("/api/sources")
        self.assertEqual(status, 200)
        return {source["kind"]: source for source in body["sources"]}

    def song(self, title):
        return next(t for t in self.listener.search(title) if t["title"] == title)

    def raw(self, method, path, headers=()):
        """Status, headers and bytes, with the listener's cookie."""
        jar = next(h for h in self.listener.opener.handlers if hasattr(h, "cookiejar")).cookiejar
        cookie = "; ".join(f"{c.name}={c.value}" for c in jar)
        connection = http.client.HTTPConnection("127.0.0.1", self.groove.port, timeout=30)
        connection.request(method, path, headers={"Cookie": cookie, **dict(headers)})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, {k.lower(): v for k, v in reply.getheaders()}, body

    def test_a_list_from_a_folder_a_playlist_and_what_came_last(self):
        names = {c["name"]: c["songs"] for c in self.sources()["folder"]["choices"]}
        self.assertEqual(names, {"My music": 30, "My music/box 0": 10, "My music/box 1": 10, "My music/box 2": 10})
        batch = self.ask({"kind": "folder", "folder": "My music/box 1"})
        self.assertEqual(len(batch["liked"]), 10)
        self.assertTrue(batch["recommendations"])
        self.assertFalse({s["id"] for s in batch["recommendations"]} & {s["id"] for s in batch["liked"]})
        self.assertTrue(all(s["playable"] for s in batch["recommendations"]))
        [playlist] = [c["name"] for c in self.sources()["playlist"]["choices"]]
        batch = self.ask({"kind": "playlist", "playlist": playlist})
        self.assertEqual(sorted(s["title"] for s in batch["liked"]), ["Song 0", "Song 1"])
        self.assertEqual(batch["missing"], ["/gone/away.ogg"])

    def test_the_model_in_use_is_of_the_songs_series(self):
        by_hand = self.top / "model.groove"
        done = self.groove.command("clusterer", "train", "--catalog", self.groove.data / "catalog.groove", "--model", by_hand,
                                   "--json", "--threads", "1")
        trained = json.loads(done.stdout)
        self.assertEqual((trained["metric"], trained["songs_with_series"]), ("dtw", 30))
        # Another test may just have changed the catalogue and changed it back.
        in_use = self.groove.data / "model.groove"
        wait_for("the same bytes", lambda: in_use.read_bytes() == by_hand.read_bytes())
        ask = {"kind": "folder", "folder": "My music/box 1"}
        wait_for("a list made with it", lambda: self.ask(ask)["model"] == trained["model"])

    def test_everything_as_a_basis_leaves_nothing_and_says_so(self):
        for basis in ({"kind": "library"}, {"kind": "recent"}):
            self.assertIn("none is left to recommend", self.ask(basis)["refused"]["reason"])
        self.assertIn("choose another", self.ask({"kind": "folder", "folder": "../etc"})["refused"]["reason"])

    def test_a_song_is_played_whole_and_in_parts(self):
        path = f"/api/tracks/{self.song('Song 7')['id']}/audio"
        file = (self.music / "box 1/7.ogg").read_bytes()
        status, headers, body = self.raw("GET", path)
        self.assertEqual((status, body, headers["content-type"]), (200, file, "audio/ogg"))
        status, headers, body = self.raw("GET", path, {"Range": "bytes=100-199"})
        self.assertEqual((status, body), (206, file[100:200]))
        self.assertEqual(headers["content-range"], f"bytes 100-199/{len(file)}")
        tag = headers["etag"]
        self.assertEqual(self.raw("GET", path, {"Range": "bytes=5-", "If-Range": tag})[2], file[5:])
        self.assertEqual(self.raw("GET", path, {"Range": "bytes=5-", "If-Range": '"x"'})[2], file)
        self.assertEqual(self.raw("GET", path, {"If-None-Match": tag})[0], 304)
        self.assertEqual(self.raw("GET", path, {"Range": f"bytes={len(file)}-"})[0], 416)
        status, headers, body = self.raw("HEAD", path)
        self.assertEqual((status, headers["content-length"], body), (200, str(len(file)), b""))
        self.assertEqual(self.raw("GET", path.removesuffix("audio") + "licence")[2], b"Everybody may.\n")

    def test_nothing_outside_the_folder_is_ever_sent(self):
        self.assertEqual(self.raw("GET", f"/api/tracks/{self.song('Song 3')['id']}/audio", {"Cookie": ""})[0], 401)
        for name in ("../secret.ogg", "..%2Fsecret.ogg", "%2Fetc%2Fpasswd", "My%20music%2Fbox%200%2F0.ogg"):
            status, _, body = self.raw("GET", f"/api/tracks/{name}/audio")
            self.assertIn(status, (400, 404), name)
            self.assertNotIn(b"secret\n", body)
        # A file that becomes a link after it was listed.
        song = self.song("Song 5")["id"]
        file = self.music / "box 2/5.ogg"
        file.rename(self.top / "5.ogg")
        file.symlink_to(self.top / "secret.ogg")
        try:
            status, _, body = self.raw("GET", f"/api/tracks/{song}/audio")
        finally:
            file.unlink()
            (self.top / "5.ogg").rename(file)
        self.assertEqual(status, 404)
        self.assertNotIn(b"secret", body[:6])

    def test_new_files_are_noticed_while_it_runs(self):
        library = lambda: self.listener.get("/api/library")[1]
        before = library()["songs"]
        songs.make(self.top / "new.flac", 77)
        (self.music / "later").mkdir()
        shutil.copy(self.top / "new.flac", self.music / "later/new.flac")
        wait_for("the new song", lambda: library()["songs"] == before + 1 and library()["state"] == "ready")
        self.assertTrue(wait_for("it to be found", lambda: self.listener.search("Song 77")))
        shutil.rmtree(self.music / "later")
        wait_for("it to be gone", lambda: library()["songs"] == before and library()["state"] == "ready")


if __name__ == "__main__":
    unittest.main(verbosity=2)
