#!/usr/bin/env python3
"""A stand-in for Spotify: its accounts service and the part of its Web API that Groove uses, as of 2026.

usage: stand_in.py --port N (--tracks CSV... | --groove URL) [--consent]

Three listeners of different taste, drawn from the given songs. --consent shows a page to choose among them, as one
signs in; without it /authorize consents at once as the listener chosen by POST /control {"listener": "ben"}. POST
/control {"faults": [...]} (faults.py), {"rotate": bool}, {"revoke": true}; GET /control says what was asked so far.
"""
import argparse
import base64
import hashlib
import html
import http.server
import json
import pathlib
import secrets
import socket
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import faults  # noqa: E402
import music  # noqa: E402

ACCESS_S = 3600
PAGE_MAX = 50


class Refused(Exception):
    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status, self.headers = status, dict(headers)


class Spotify:
    """All that is remembered. One lock: nothing here takes long."""

    def __init__(self, songs, consent):
        self.songs, self.consent, self.lock = songs, consent, threading.RLock()
        self.people = None
        self.chosen = "ada"
        self.rotate = True
        self.codes, self.refresh, self.access = {}, {}, {}
        self.faults = faults.Faults()
        self.asked = []  # "GET /v1/me"

    def listeners(self):
        if self.people is None:
            self.people = music.listeners(list(self.songs()))
        return self.people

    # --- accounts ---
    def consented(self, query, listener):
        """The redirect that /authorize ends in."""
        code = secrets.token_urlsafe(32)
        self.codes[code] = (query, listener)
        answer = {"code": code} | ({"state": query["state"]} if "state" in query else {})
        return query["redirect_uri"] + "?" + urllib.parse.urlencode(answer)

    def check_authorize(self, query):
        if not query.get("client_id"):
            raise Refused(400, "INVALID_CLIENT: Invalid client")
        if query.get("response_type") != "code":
            raise Refused(400, "response_type must be code")
        if query.get("code_challenge_method") != "S256" or len(query.get("code_challenge", "")) != 43:
            raise Refused(400, "code_challenge_method must be S256")
        there = urllib.parse.urlsplit(query.get("redirect_uri", ""))
        loopback = there.scheme == "http" and there.hostname in ("127.0.0.1", "::1")
        if not loopback and there.scheme != "https":
            raise Refused(400, "INVALID_CLIENT: Insecure redirect URI")

    def token(self, form):
        grant = form.get("grant_type")
        if grant == "authorization_code":
            query, listener = self.codes.pop(form.get("code"), (None, None))
            if query is None or query["client_id"] != form.get("client_id"):
                raise Refused(400, "invalid_grant")
            if query["redirect_uri"] != form.get("redirect_uri"):
                raise Refused(400, "invalid_grant")
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
                raise Refused(400, "invalid_grant")
            return self.grant(listener, query.get("scope", ""), None)
        if grant == "refresh_token":
            held = self.refresh.get(form.get("refresh_token"))
            if held is None:
                raise Refused(400, "invalid_grant")
            return self.grant(*held, form["refresh_token"])
        raise Refused(400, "unsupported_grant_type")

    def grant(self, listener, scope, old_refresh):
        access = secrets.token_urlsafe(64)
        self.access[access] = (listener, scope.split(), time.time() + ACCESS_S)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": ACCESS_S, "scope": scope}
        if old_refresh is None or self.rotate:
            fresh = secrets.token_urlsafe(64)
            self.refresh.pop(old_refresh, None)
            self.refresh[fresh] = (listener, scope)
            answer["refresh_token"] = fresh
        return answer

    # --- the API ---
    def caller(self, authorization, scope):
        listener, scopes, expires = self.access.get(authorization.removeprefix("Bearer "), (None, [], 0))
        if listener is None or expires < time.time():
            raise Refused(401, "The access token expired")
        if scope and not set(scope.split("|")) & set(scopes):
            raise Refused(403, "Insufficient client scope")
        return self.listeners()[listener]

    def api(self, method, path, query, body, authorization):
        parts = path.removeprefix("/v1/").split("/")
        who = lambda scope="": self.caller(authorization, scope)
        if (method, parts) == ("GET", ["me"]):
            return 200, who().me()
        if method == "GET" and parts[:2] == ["me", "top"] and parts[2:] in (["tracks"], ["artists"]):
            return 200, page(who("user-top-read").top(parts[2], query.get("time_range", "medium_term")), path, query)
        if (method, parts) == ("GET", ["me", "tracks"]):
            saved = [{"added_at": "2026-01-01T00:00:00Z", "track": music.track(s)} for s in who("user-library-read").saved]
            return 200, page(saved, path, query)
        if (method, parts) == ("GET", ["me", "player", "recently-played"]):
            return 200, self.recent(who("user-read-recently-played"), path)
        if parts == ["me", "playlists"]:
            if method == "POST":
                return self.create(who("playlist-modify-private|playlist-modify-public"), body)
            me = who("playlist-read-private")
            return 200, page([me.playlist(key) for key in me.playlists], path, query)
        if parts[0] == "playlists" and len(parts) in (2, 3):
            return self.playlist(method, parts, path, query, body, who)
        raise Refused(404, "Not found")

    @staticmethod
    def recent(me, path):
        songs = me.songs[10:40] + me.songs[10:20]  # some twice
        items = [{"track": music.track(song), "played_at": f"2026-11-20T{at // 60:02}:{at % 60:02}:00.000Z",
                  "context": None} for at, song in enumerate(songs)]
        return {"href": "https://api.spotify.com" + path, "items": items, "limit": PAGE_MAX, "next": None,
                "cursors": {"after": "2", "before": "1"}, "total": len(items)}

    @staticmethod
    def create(me, body):
        key = me.add_playlist(body["name"], [], public=body.get("public", True))
        return 201, me.playlist(key) | {"items": page([], f"/v1/playlists/{key}/items", {})}

    @staticmethod
    def playlist(method, parts, path, query, body, who):
        me = who("playlist-modify-private|playlist-modify-public" if method != "GET" else "")
        held = me.playlists.get(parts[1])
        if held is None:
            raise Refused(404, "Resource not found")
        entries = [{"added_at": "2026-01-01T00:00:00Z", "is_local": bool(entry and entry.get("is_local")),
                    "item": entry} for entry in held["entries"]]
        if len(parts) == 2 and method == "GET":
            whole = me.playlist(parts[1])
            if held["owner"] != me.key:
                return 200, {name: value for name, value in whole.items() if name != "items"}
            return 200, whole | {"items": page(entries, path + "/items", query)}
        if parts[2:] != ["items"]:
            raise Refused(404, "Not found")
        if held["owner"] != me.key:
            raise Refused(403, "Forbidden")
        if method == "GET":
            return 200, page(entries, path, query)
        if method in ("PUT", "POST"):
            wanted = [uri.rsplit(":", 1)[1] for uri in body["uris"]]
            known = {song["id"]: song for song in me.songs + me.foreign}
            songs = [music.track(known.get(key) or {"id": key, "title": key, "artists": ["?"], "album": "?",
                                                    "isrc": "", "year": "2000"}) for key in wanted]
            held["entries"] = songs if method == "PUT" else held["entries"] + songs
            held["version"] += 1
            return 200 if method == "PUT" else 201, {"snapshot_id": f"{parts[1]}-{held['version']}"}
        raise Refused(405, "Method not allowed")

    def control(self, wish):
        self.faults.set(wish.get("faults", []))
        self.chosen = wish.get("listener", self.chosen)
        self.rotate = wish.get("rotate", self.rotate)
        if wish.get("revoke"):
            self.refresh.clear()
        if wish.get("expire") or wish.get("revoke"):
            self.access.clear()
        if wish.get("forget"):
            self.asked.clear()
        for key in wish.get("touch", []):  # somebody changed that playlist
            for person in self.listeners().values():
                if key in person.playlists:
                    person.playlists[key]["version"] += 1


def page(items, path, query):
    limit, offset = int(query.get("limit", 20)), int(query.get("offset", 0))
    if not 1 <= limit <= PAGE_MAX:
        raise Refused(400, "Invalid limit")
    href = "https://api.spotify.com" + path
    following = f"{href}?offset={offset + limit}&limit={limit}" if offset + limit < len(items) else None
    return {"href": href, "limit": limit, "offset": offset, "total": len(items), "next": following,
            "previous": None, "items": items[offset:offset + limit]}


CHOICE = """<!doctype html><meta charset="utf-8"><title>A stand-in for Spotify</title>
<body style="font:16px sans-serif;max-width:34em;margin:4em auto"><h1>This is not Spotify</h1>
<p>It is a demonstration on this machine: no account, no password. Whose listening shall Groove see?</p>{}
<p><a href="{}">Nobody's, thank you</a></p>"""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    spotify = None

    def log_message(self, *_):
        pass

    def handle_any(self):
        split = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(split.query))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if split.path != "/control":
            with self.spotify.lock:
                self.spotify.asked.append(f"{self.command} {split.path}")
            if self.hit(split.path):
                return
        try:
            with self.spotify.lock:
                self.serve(split.path, query, body)
        except Refused as refused:
            self.refuse(split.path, refused)
        except (KeyError, ValueError) as error:
            self.answer(400, {"error": {"status": 400, "message": f"Bad request: {error!r}"}})

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def hit(self, path):
        """True when a fault has answered, or nothing shall."""
        rule = self.spotify.faults.take(path)
        if rule is None:
            return False
        time.sleep(rule.get("delay_s", 0))
        if rule.get("drop"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return True
        if "status" not in rule:
            return False
        text = faults.body_of(rule)
        kind = "application/json" if text.startswith("{") else "text/plain"
        self.send(rule["status"], kind, text.encode(), rule.get("headers", {}))
        return True

    def serve(self, path, query, body):
        spotify = self.spotify
        if path == "/control":
            if self.command == "POST":
                spotify.control(json.loads(body))
            people = {key: {"account_id": p.account_id, "playlists": {k: v["name"] for k, v in p.playlists.items()},
                            "songs": [s["id"] for s in p.songs]} for key, p in spotify.listeners().items()}
            return self.answer(200, {"asked": list(spotify.asked), "listeners": people})
        if path == "/authorize":
            return self.authorize(query)
        if path == "/consent":
            return self.redirect(spotify.consented(query, query.pop("listener")))
        if path == "/api/token":
            form = dict(urllib.parse.parse_qsl(body.decode()))
            return self.answer(200, spotify.token(form))
        if path.startswith("/v1/"):
            given = json.loads(body) if body else {}
            return self.answer(*spotify.api(self.command, path, query, given, self.headers.get("Authorization", "")))
        raise Refused(404, "Not found")

    def authorize(self, query):
        self.spotify.check_authorize(query)
        if not self.spotify.consent:
            return self.redirect(self.spotify.consented(query, self.spotify.chosen))
        people = "".join(
            f'<p><a href="/consent?{html.escape(urllib.parse.urlencode(query | {"listener": key}))}">'
            f'{html.escape(person.name)}</a></p>' for key, person in self.spotify.listeners().items())
        denied = query["redirect_uri"] + "?" + urllib.parse.urlencode(
            {"error": "access_denied", "state": query.get("state", "")})
        self.send(200, "text/html; charset=utf-8", CHOICE.format(people, html.escape(denied)).encode())

    def refuse(self, path, refused):
        if path == "/api/token":
            return self.answer(refused.status, {"error": str(refused), "error_description": str(refused)})
        self.answer(refused.status, {"error": {"status": refused.status, "message": str(refused)}}, refused.headers)

    def redirect(self, where):
        self.send(302, "text/plain", b"", {"Location": where})

    def answer(self, status, value, headers=()):
        self.send(status, "application/json; charset=utf-8", json.dumps(value).encode(), dict(headers))

    def send(self, status, kind, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # else the other side left
            super().handle_error(request, client_address)


def start(port, songs, consent=False):
    """A server on that port (0: any), serving on a thread of its own."""
    handler = type("BoundHandler", (Handler,), {"spotify": Spotify(songs, consent)})
    server = Server(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--tracks", nargs="+", help="CSV files of songs, plain or .xz")
    source.add_argument("--groove", help="the address of a Groove whose songs to take")
    parser.add_argument("--consent", action="store_true", help="show a page to choose a listener")
    options = parser.parse_args()

    def songs():
        if options.groove:
            return music.songs_of_groove(options.groove)
        return [song for path in options.tracks for song in music.songs_of_csv(path)]
    server = start(options.port, songs, options.consent)
    print(f"a stand-in for Spotify, at http://127.0.0.1:{server.server_port}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
