#!/usr/bin/env python3
"""Holds the stand-in to the published description of Spotify's Web API (an OpenAPI document).

The document lies beside the project, in ../shared/data/webapi ($GROOVE_SHARED overrides); without it nothing can be
checked, and that is said. What the accounts service answers is held to the examples there.
"""
import json
import os
import pathlib
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/spotify"), str(TOP / "tests/system")]
import music  # noqa: E402
import stand_in  # noqa: E402
import tracks  # noqa: E402

WEBAPI = pathlib.Path(os.environ.get("GROOVE_SHARED", TOP.parent / "shared")) / "data/webapi"
# The document names nothing `required` in what it answers, so a check by it alone would let `{}` pass.
WANTED = {"/me": ["id", "account_id", "display_name"], "/me/playlists": ["items", "total", "next", "limit", "offset"],
          "/me/tracks": ["items", "total"], "/me/player/recently-played": ["items", "cursors"],
          "/playlists/{playlist_id}": ["id", "name", "snapshot_id", "owner"],
          "/playlists/{playlist_id}/items": ["items", "total"], "/me/top/{type}": ["items", "total"]}


def nullable(node):
    """OpenAPI 3.0's schemas as JSON Schema: what is said in words of many fields, that they may be null, is let be."""
    if isinstance(node, list):
        return [nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    # null is one of several that each may be null.
    node = {"anyOf" if key == "oneOf" else key: nullable(value) for key, value in node.items() if key not in ("example", "format", "discriminator")}
    if isinstance(node.get("type"), str):
        return {"anyOf": [node, {"type": "null"}]}
    return node


class OpenApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (WEBAPI / "fixed-spotify-open-api.yml").exists():
            raise unittest.SkipTest(f"{WEBAPI} is not here; set GROOVE_SHARED to hold the stand-in to it")
        import jsonschema
        import yaml
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        text = (WEBAPI / "fixed-spotify-open-api.yml").read_text()
        cls.spec = yaml.load(text, loader)
        cls.schemas = nullable({"components": {"schemas": cls.spec["components"]["schemas"]}})
        cls.jsonschema = jsonschema
        csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
        tracks.write(csv, 1200)
        cls.server = stand_in.start(0, lambda: music.songs_of_csv(csv))
        cls.spotify = cls.server.RequestHandlerClass.spotify
        scopes = ("user-top-read user-read-recently-played user-library-read playlist-read-private "
                  "playlist-modify-private")
        cls.token = cls.spotify.grant("ada", scopes, None)["access_token"]

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()

    def ask(self, path, method="GET", body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.server_port}/v1{path}", method=method,
                                         headers=headers, data=json.dumps(body).encode() if body else None)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def hold(self, template, path, method="GET", body=None, like=None):
        """`like`: the operation of the document whose answer it is, where that has another name."""
        status, said = self.ask(path, method, body)
        answer = self.spec["paths"][like or template][method.lower()]["responses"][str(status)]
        if "$ref" in answer:
            answer = self.spec["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        schema = nullable(answer["content"]["application/json"]["schema"]) | {"components": self.schemas["components"]}
        error = self.jsonschema.exceptions.best_match(self.jsonschema.Draft7Validator(schema).iter_errors(said))
        if error:
            self.fail(f"{method} {path}: at {list(error.absolute_path)}: {error.message[:300]}")
        if status == 200 and method == "GET":
            for name in WANTED[template]:
                self.assertIn(name, said, path)
        return said

    def test_what_is_read_is_as_described(self):
        self.hold("/me", "/me")
        lists = self.hold("/me/playlists", "/me/playlists?limit=2")
        self.assertEqual((len(lists["items"]), lists["total"]), (2, 3))
        self.hold("/me/tracks", "/me/tracks?limit=50")
        self.hold("/me/player/recently-played", "/me/player/recently-played")
        for key in self.spotify.listeners()["ada"].playlists:
            self.hold("/playlists/{playlist_id}", f"/playlists/{key}")
            self.hold("/playlists/{playlist_id}/items", f"/playlists/{key}/items?limit=50")
        for kind in ("tracks", "artists"):
            for time_range in ("short_term", "medium_term", "long_term"):
                self.hold("/me/top/{type}", f"/me/top/{kind}?time_range={time_range}&limit=50",
                          like=f"/me/top/{kind}" if f"/me/top/{kind}" in self.spec["paths"] else None)

    def test_what_is_written_is_as_described(self):
        made = self.hold("/me/playlists", "/me/playlists", "POST", {"name": "Mine", "public": False})
        uris = [f"spotify:track:{song['id']}" for song in self.spotify.listeners()["ada"].songs[:3]]
        path = f"/playlists/{made['id']}/items"
        self.hold("/playlists/{playlist_id}/items", path, "PUT", {"uris": uris})
        self.assertEqual([e["item"]["uri"] for e in self.ask(path)[1]["items"]], uris)

    def test_errors_are_as_described(self):
        self.token, kept = "wrong", self.token
        self.hold("/me", "/me")
        self.token = kept
        with self.spotify.lock:
            self.spotify.control({"faults": [{"path": "/v1/me", "fault": "quota"}]})
        self.hold("/me", "/me")

    def test_tokens_have_what_the_real_ones_have(self):
        real = json.loads((WEBAPI / "fixtures_java/authorization/authorization_code/pkce/"
                                    "AuthorizationCodePKCERefresh.json").read_text())
        self.assertEqual(set(self.spotify.grant("ada", "x", None)), set(real))


if __name__ == "__main__":
    unittest.main(verbosity=2)
