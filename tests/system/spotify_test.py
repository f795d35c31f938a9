#!/usr/bin/env python3
"""Signing in with Spotify and asking from what it knows, through the whole house; a stand-in answers in its place."""
import json
import pathlib
import re
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "spotify")]
import music  # noqa: E402
import stand_in  # noqa: E402
import tracks  # noqa: E402
from groove import Events, Groove, Listener, wait_for  # noqa: E402

STYLE = {"ada": "Ambient", "ben": "Disco", "cleo": "Folk"}  # what the stand-in's listeners like


def setUpModule():
    global groove, server, spotify
    csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
    tracks.write(csv)
    groove = Groove([csv])
    server = stand_in.start(0, lambda: music.songs_of_csv(csv))
    spotify = server.RequestHandlerClass.spotify
    there = f"http://127.0.0.1:{server.server_port}"
    (groove.data / "spotify.json").write_text(json.dumps(
        {"client_id": "groovetest", "public_url": groove.url, "accounts": there, "api": there}))
    groove.up()
    groove.ready()


def tearDownModule():
    groove.close()
    server.shutdown()


def control(**wish):
    with spotify.lock:
        spotify.control(wish)


def asked(part):
    """How often the stand-in was asked for what has that in its address."""
    with spotify.lock:
        return sum(part in line for line in spotify.asked)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser(Listener):
    """A listener whose browser can follow redirects or be stopped at the first."""

    def jar(self):
        return next(h.cookiejar for h in self.opener.handlers if hasattr(h, "cookiejar"))

    def hop(self, url):
        """Where that address leads."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar()), NoRedirect)
        try:
            with opener.open(url, timeout=60) as reply:
                return reply.url
        except urllib.error.HTTPError as redirect:
            assert redirect.code in (302, 303), (redirect.code, redirect.read())
            return urllib.parse.urljoin(url, redirect.headers["Location"])

    def callback(self, write=False):
        """The address that Spotify sends this browser back to."""
        consent = self.hop(f"{self.groove.url}/auth/spotify/login" + ("?write=true" if write else ""))
        return self.hop(consent)

    def connect(self, who="ada", write=False):
        control(listener=who)
        end = self.hop(self.callback(write))
        assert end == self.groove.url + "/", end
        return self

    def ask(self, what, **more):
        body = {"basis": {"kind": "spotify", "list": what} | more, "event_id": str(uuid.uuid4())}
        status, accepted = self.post("/api/recommendations", body)
        assert status == 202, (status, accepted)
        return accepted

    def answer(self, what, **more):
        return self.batch(self.ask(what, **more))

    def signed_in(self):
        status, body = self.get("/api/session")
        return body["listener"] if status == 200 else None

    def playlist(self, name):
        return next(p for p in self.get("/api/spotify/playlists")[1]["playlists"] if p["name"] == name)


def style_share(batch, who):
    return sum(song["artists"][0].split()[0] == STYLE[who] for song in batch["recommendations"])


class SpotifyTest(unittest.TestCase):
    def setUp(self):
        control(rotate=True, forget=True)
        self.browser = Browser(groove)

    def refusal(self, answer):
        self.assertIn("refused", answer, answer.get("recommendations"))
        return answer["refused"]["reason"]


class SignInTest(SpotifyTest):
    def test_the_account_and_nothing_else_says_who_it_is(self):
        first = self.browser.connect("ada").signed_in()
        again = Browser(groove).connect("ada").signed_in()
        other = Browser(groove).connect("cleo").signed_in()
        self.assertEqual(first, again)
        self.assertNotEqual(first["id"], other["id"])
        self.assertEqual(other["name"], "Cléo <i>", "a name is text, whatever is in it")
        self.assertNotEqual(first["id"], Browser(groove, "Ada").signed_in()["id"], "a name is no account")

    def test_what_is_asked_for_is_little_and_the_code_is_proved(self):
        consent = self.browser.hop(f"{groove.url}/auth/spotify/login")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(consent).query)
        self.assertEqual(query["scope"], ["user-top-read user-read-recently-played user-library-read "
                                          "playlist-read-private playlist-read-collaborative"])
        self.assertEqual(query["code_challenge_method"], ["S256"])
        self.assertEqual(query["redirect_uri"], [f"{groove.url}/auth/spotify/callback"])

    def test_a_sign_in_gives_a_new_session_and_ends_the_one_before(self):
        browser = Browser(groove, "Mallory put me here")
        before = next(c.value for c in browser.jar() if c.name == "groove")
        browser.connect("ada")
        self.assertNotEqual(before, next(c.value for c in browser.jar() if c.name == "groove"))
        request = urllib.request.Request(f"{groove.url}/api/session", headers={"Cookie": f"groove={before}"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        self.assertEqual(refused.exception.code, 401)

    def test_a_callback_is_good_once_and_in_the_browser_that_began(self):
        control(listener="ada")
        back = self.browser.callback()
        victim = Browser(groove, "Victim")
        self.assertTrue(victim.hop(back).endswith("/?spotify=forged"), "another's callback in my browser")
        self.assertEqual(victim.signed_in()["name"], "Victim")
        self.assertTrue(self.browser.hop(back).endswith("/?spotify=forged"), "what was tried elsewhere is spent")
        back = self.browser.callback()
        self.assertEqual(self.browser.hop(back), groove.url + "/")
        self.assertTrue(self.browser.hop(back).endswith("/?spotify=forged"), "the same again")
        self.browser.callback()
        forged = f"{groove.url}/auth/spotify/callback?code=stolen&state={'A' * 43}"
        for wrong in (forged, forged + "&state=B", f"{groove.url}/auth/spotify/callback", forged + "&error=x"):
            self.assertTrue(self.browser.hop(wrong).endswith("/?spotify=forged"), wrong)

    def test_a_no_is_a_no(self):
        consent = self.browser.hop(f"{groove.url}/auth/spotify/login")
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(consent).query)["state"][0]
        end = self.browser.hop(f"{groove.url}/auth/spotify/callback?error=access_denied&state={state}")
        self.assertTrue(end.endswith("/?spotify=denied"))
        self.assertIsNone(self.browser.signed_in())

    def test_who_is_not_on_the_list_of_users_is_told_so(self):
        back = self.browser.callback()
        control(faults=[{"path": "/v1/me", "fault": "403-text"}])
        self.assertTrue(self.browser.hop(back).endswith("/?spotify=refused"))
        self.assertIsNone(self.browser.signed_in())

    def test_the_address_can_be_pasted(self):
        control(listener="ben")
        begun = self.browser.post("/api/spotify/login", {})[1]
        ended_at = self.browser.hop(begun["url"])
        status, body = self.browser.post("/api/spotify/callback", {"url": f"  {ended_at}#_=_\n"})
        self.assertEqual((status, body["listener"]["name"]), (201, "Ben"), body)
        self.assertEqual(self.browser.post("/api/spotify/callback", {"url": ended_at})[0], 400, "once")
        self.assertEqual(self.browser.post("/api/spotify/callback", {"url": "http://x/"})[0], 400)

    def test_a_page_under_another_name_signs_in_at_the_one_spotify_knows(self):
        end = self.browser.hop(f"http://localhost:{groove.port}/auth/spotify/login?write=true")
        self.assertEqual(end, f"{groove.url}/auth/spotify/login?write=true")

    def test_disconnecting_deletes_it_all(self):
        self.browser.connect("ada")
        self.browser.answer("saved")
        key = f"*:spotify:{self.browser.signed_in()['id']}*"
        self.assertNotEqual(groove.redis("--scan", "--pattern", key), "")
        self.assertIn("account", self.browser.get("/api/spotify")[1])
        self.assertEqual(self.browser.request("DELETE", "/api/spotify")[0], 204)
        self.assertEqual(groove.redis("--scan", "--pattern", key), "")
        self.assertNotIn("account", self.browser.get("/api/spotify")[1])
        self.assertIn("Sign in with Spotify", self.refusal(self.browser.answer("saved")))


class BasisTest(SpotifyTest):
    def test_each_list_gives_songs_of_that_listeners_taste(self):
        for who, what, more in (("ada", "top_songs", {"range": "weeks"}), ("ben", "top_artists", {"range": "years"}),
                                ("cleo", "recent", {}), ("ada", "saved", {})):
            with self.subTest(who=who, what=what):
                batch = Browser(groove).connect(who).answer(what, **more)
                self.assertEqual(len(batch["recommendations"]), 20)
                self.assertGreaterEqual(style_share(batch, who), 15)

    def test_ranges_are_different_lists(self):
        self.browser.connect("ada")
        liked = [{song["id"] for song in self.browser.answer("top_songs", range=r)["liked"]}
                 for r in ("weeks", "months", "years")]
        self.assertEqual([len(each) for each in liked], [80, 80, 80])
        self.assertEqual(len(liked[0] & liked[2]), 40)

    def test_of_a_playlist_what_is_no_song_is_skipped_and_what_is_missing_is_named(self):
        self.browser.connect("ada")
        events = Events(self.browser)
        accepted = self.browser.ask("playlist", playlist=self.browser.playlist("Mixed")["id"])
        batch = self.browser.batch(accepted)
        self.assertEqual(batch["missing"], ["Nobody Else – Unheard of by Ada"])
        self.assertEqual(len(batch["liked"]), 60)
        told = events.wait("what was found", lambda e: e[0] == "progress" and "of 61" in e[2].get("detail", ""))
        self.assertRegex(told[2]["detail"], r"^60 of 61 songs found; 3 entries are no songs")

    def test_an_unchanged_playlist_is_not_read_again(self):
        self.browser.connect("ben")
        key = self.browser.playlist("Short")["id"]
        first = self.browser.answer("playlist", playlist=key)
        control(forget=True)
        again = self.browser.answer("playlist", playlist=key)
        self.assertEqual((asked(f"playlists/{key}"), asked("/items")), (1, 0))
        self.assertEqual(first["liked"], again["liked"])
        control(forget=True, touch=[key])
        self.browser.answer("playlist", playlist=key)
        self.assertEqual(asked("/items"), 1)

    def test_somebody_elses_playlist_is_refused_with_what_to_do(self):
        self.browser.connect("ada")
        followed = self.browser.playlist("Followed")
        self.assertFalse(followed["readable"])
        self.assertIn("somebody else's", self.refusal(self.browser.answer("playlist", playlist=followed["id"])))
        self.assertIn("does not have", self.refusal(self.browser.answer("playlist", playlist="nosuch")))


class FaultTest(SpotifyTest):
    def test_what_passes_is_waited_for(self):
        self.browser.connect("ada")
        for fault in ("429-zero", "503", "drop", "no-json"):
            with self.subTest(fault=fault):
                control(faults=[{"path": "/v1/me/tracks", "fault": fault}])
                self.assertEqual(len(self.browser.answer("saved")["recommendations"]), 20)

    def test_a_short_pause_is_kept_and_told_and_then_it_goes_on_where_it_was(self):
        self.browser.connect("ben")
        events = Events(self.browser)
        control(forget=True, faults=[{"path": "/v1/me/tracks", "times": 0}, {"path": "/v1/me/tracks", "fault": "429"}])
        self.assertEqual(len(self.browser.answer("saved")["liked"]), 120)
        events.wait("the pause to be told", lambda e: e[0] == "progress" and "pause" in e[2].get("detail", ""))
        self.assertEqual(asked("/v1/me/tracks"), 4, "three pages, and one asked twice")

    def test_a_day_long_pause_is_told_with_its_end_and_nobody_sleeps_for_it(self):
        for fault, hours in (("429-day", "24 hours"), ("quota", "60 minutes")):
            with self.subTest(fault=fault):
                browser = Browser(groove).connect("cleo")
                control(faults=[{"path": "/v1/me/tracks", "fault": fault}])
                self.assertIn(hours, self.refusal(browser.answer("saved")))
                self.assertIn("paused_until", browser.get("/api/spotify")[1]["account"])
                control(forget=True)
                self.assertIn("UTC", self.refusal(browser.answer("top_songs")))
                self.assertEqual(asked("/v1/"), 0, "Spotify is left alone")
                self.assertEqual(len(Browser(groove).connect("ada").answer("saved")["recommendations"]), 20)

    def test_what_does_not_pass_is_said(self):
        self.browser.connect("ada")
        for fault, times, words in (("403-text", 1, "list of users"), ("403-json", 1, "consent"),
                                    ("503", 9, "does not answer just now")):
            with self.subTest(fault=fault):
                control(faults=[{"path": "/v1/me/tracks", "fault": fault, "times": times}])
                self.assertIn(words, self.refusal(self.browser.answer("saved")))

    def test_while_one_waits_for_spotify_others_are_served(self):
        self.browser.connect("ada")
        control(faults=[{"path": "/v1/me/top", "fault": "slow"}])
        slow = self.browser.ask("top_songs")
        quick = Listener(groove, f"Quick {uuid.uuid4()}")
        picked = [t["id"] for t in quick.search("metal band", 5)]
        for _ in range(3):
            quick.batch(quick.recommend(picked))
        self.assertEqual(self.browser.get(f"/api/recommendations/{slow['id']}")[0], 202, "still waiting")
        self.assertEqual(len(self.browser.batch(slow)["recommendations"]), 20)

    def test_tokens_are_renewed_once_whoever_asks_and_the_old_one_stays_when_none_comes_back(self):
        for rotate in (True, False):
            self.browser = Browser(groove).connect("ada")
            control(rotate=rotate, expire=True, forget=True)
            self.assertEqual(len(self.browser.answer("saved")["recommendations"]), 20)
            self.assertEqual(asked("/api/token"), 1)
            control(rotate=rotate, expire=True)
            self.assertEqual(len(self.browser.answer("saved")["recommendations"]), 20)

    def test_an_ended_consent_asks_to_sign_in_again(self):
        self.browser.connect("ada")
        control(revoke=True)
        self.assertIn("Sign in with Spotify again", self.refusal(self.browser.answer("saved")))
        self.assertEqual(self.browser.get("/api/spotify/playlists")[0], 403)

    def test_a_fetcher_killed_while_it_asks_loses_nothing_and_doubles_nothing(self):
        self.browser.connect("ben")
        control(faults=[{"path": "/v1/me/top", "fault": "slow"}])
        accepted = self.browser.ask("top_songs")
        wait_for("the fetcher to ask", lambda: asked("/v1/me/top") > 0)
        groove.kill("fetch-1")
        batch = self.browser.batch(accepted)
        self.assertEqual((len(batch["recommendations"]), batch["sequence"]), (20, accepted["sequence"]))


class ExportTest(SpotifyTest):
    def test_a_batch_becomes_a_private_playlist_and_the_next_one_takes_its_place(self):
        self.browser.connect("cleo")
        first = self.browser.answer("saved")
        status, body = self.browser.post("/api/spotify/playlists", {"batch": first["id"]})
        self.assertEqual((status, body.get("consent")), (403, "/auth/spotify/login?write=true"), body)
        self.browser.connect("cleo", write=True)
        second = self.browser.answer("top_songs")
        urls = []
        for batch in (first, second):
            status, written = self.browser.post("/api/spotify/playlists", {"batch": batch["id"]})
            self.assertEqual((status, written["songs"], written["missing"]), (200, 20, []))
            urls.append(written["url"])
            held = spotify.listeners()["cleo"].playlists[written["url"].rsplit("/", 1)[1]]
            self.assertFalse(held["public"])
            self.assertEqual([entry["id"] for entry in held["entries"]], [s["id"] for s in batch["recommendations"]])
        self.assertEqual(urls[0], urls[1])
        self.assertEqual(self.browser.post("/api/spotify/playlists", {"batch": str(uuid.uuid4())})[0], 404)


class ZecretTest(SpotifyTest):
    """Runs last: everything above has left its traces."""

    def test_no_token_no_code_and_no_verifier_lies_anywhere(self):
        self.browser.connect("ada")
        self.browser.answer("saved")
        with spotify.lock:
            secrets = [t.encode() for t in (*spotify.refresh, *spotify.access)]
        self.assertTrue(secrets)
        key = groove.data / "keys/spotify.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        for file in groove.data.rglob("*"):
            if not file.is_file() or file == key:
                continue
            content = file.read_bytes()
            for secret in secrets:
                self.assertNotIn(secret, content, file)
            if file.suffix == ".log":
                self.assertIsNone(re.search(rb"code=|state=|Bearer", content), file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
