#!/usr/bin/env python3
"""Holds a running gateway to gateway/openapi.yaml.

    openapi_test.py http://127.0.0.1:8080 [--answers]

Asks for everything that is described, rightly and wrongly, and fails for any response that is not:
a status, a content type, a header or a body that the description does not have. --answers: a
pipeline runs behind the gateway, so batches are waited for and checked too.
Exit 0: all as described; 1: not, with what differs on stderr; 2: the server cannot be reached.
"""
import argparse
import http.client
import json
import pathlib
import re
import socket
import sys
import time
import urllib.parse
import uuid

import jsonschema
import yaml

SPEC = pathlib.Path(__file__).resolve().parents[2] / "gateway" / "openapi.yaml"
PATIENCE_S = 30
JSON = {"Content-Type": "application/json"}


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def media(self):
        return self.headers.get("content-type", "").split(";")[0].strip()

    def json(self):
        return json.loads(self.body)


def inlined(node, spec):
    """The node with every $ref replaced by what it names (the description has no cycles)."""
    if isinstance(node, list):
        return [inlined(item, spec) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = spec
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return inlined(target, spec)
    return {key: inlined(value, spec) for key, value in node.items()}


class Description:
    """openapi.yaml, and what of it was seen."""

    def __init__(self, spec):
        self.spec = inlined(spec, spec)
        self.seen = set()
        self.problems = []
        self.checked = 0

    def complain(self, what, problem):
        self.problems.append(f"{what}: {problem}")

    def path_of(self, path):
        for template in self.spec["paths"]:
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return template
        return None

    def matches(self, what, value, schema):
        validator = jsonschema.Draft202012Validator(schema)
        for error in sorted(validator.iter_errors(value), key=str)[:3]:
            self.complain(what, f"{error.json_path}: {error.message[:200]}")

    def check(self, method, target, response):
        self.checked += 1
        path = target.split("?")[0]
        what = f"{method} {target[:80]} -> {response.status}"
        template = self.path_of(path)
        if template is None:
            return self.check_error(what, response, 404)
        operation = self.spec["paths"][template].get("get" if method == "HEAD" else method.lower())
        if operation is None:
            if "allow" not in response.headers:
                self.complain(what, "405 without Allow")
            return self.check_error(what, response, 405)
        described = operation["responses"].get(str(response.status))
        if described is None:
            return self.complain(what, f"this status is not described: {response.body[:200]}")
        self.seen.add((operation["operationId"], response.status))
        self.check_response(what, described, response, method == "HEAD")

    def check_response(self, what, described, response, head_only):
        for name, header in described.get("headers", {}).items():
            value = response.headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    self.complain(what, f"the header {name} is missing")
            else:
                self.matches(f"{what}, {name}", value, header["schema"])
        content = described.get("content")
        if content is None:
            if response.body:
                self.complain(what, "a body where none is described")
        elif response.media not in content:
            self.complain(what, f"the content type '{response.media}' is not described")
        elif not head_only and response.media.endswith("json"):
            self.check_body(what, response, content[response.media]["schema"])

    def check_body(self, what, response, schema):
        try:
            value = response.json()
        except ValueError as error:
            return self.complain(what, f"the body is not JSON: {error}")
        self.matches(what, value, schema)
        if "problem" in response.media and value.get("status") != response.status:
            self.complain(what, "the problem's status is another than the response's")

    def check_error(self, what, response, status):
        if response.status != status:
            return self.complain(what, f"{status} was expected")
        if response.media != "application/problem+json":
            return self.complain(what, f"'{response.media}' where a problem was expected")
        self.check_body(what, response, self.spec["components"]["schemas"]["Problem"])

    def check_event(self, name, data):
        self.checked += 1
        operation = self.spec["paths"]["/api/events"]["get"]
        events = operation["responses"]["200"]["content"]["text/event-stream"]["x-events"]
        if name not in events:
            return self.complain(f"event {name}", "is not described")
        self.matches(f"event {name}", json.loads(data), events[name])


class Client:
    def __init__(self, url, description):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or 80
        self.description = description
        self.cookie = None

    def ask(self, method, target, body=None, headers=None, session=True):
        headers = dict(headers or {})
        if session and self.cookie:
            headers["Cookie"] = self.cookie
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        try:
            connection.request(method, target, body, headers)
            got = connection.getresponse()
            response = Response(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()
        self.description.check(method, target, response)
        return response

    def post(self, target, body, **more):
        return self.ask("POST", target, body, JSON, **more)

    def raw(self, method, target, text):
        """Sends exactly this text."""
        with socket.create_connection((self.host, self.port), PATIENCE_S) as connection:
            connection.sendall(text.encode("latin-1"))
            got = http.client.HTTPResponse(connection, method=method)
            got.begin()
            response = Response(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        self.description.check(method, target, response)
        return response

    def sign_in(self, name):
        response = self.post("/api/session", {"name": name})
        self.cookie = response.headers["set-cookie"].split(";")[0]

    def events(self, wanted, headers=None):
        """The data of each event until one called `wanted` has come."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        connection.request("GET", "/api/events", headers={"Cookie": self.cookie, **(headers or {})})
        got = connection.getresponse()
        response = Response(got.status, {k.lower(): v for k, v in got.getheaders()}, b"")
        self.description.check("GET", "/api/events", response)
        name = ""
        while response.status == 200:
            line = got.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                self.description.check_event(name, line[6:])
                if name == wanted:
                    break
        connection.close()


def each_path_wrongly(client, spec):
    """What any path can be asked wrongly."""
    host = f"{client.host}:{client.port}"
    for template, operations in spec["paths"].items():
        path = re.sub(r"\{\w+\}", "x", template)
        client.ask("PATCH", path)
        for method in (name.upper() for name in operations):
            line = f"{method} {path} HTTP/1.1\r\n"
            close = "Connection: close\r\n\r\n"
            client.raw(method, path, f"{line}Host: evil.example\r\n{close}")
            client.raw(method, path, f"{line}{close}")
            client.raw(method, path, f"{line}Host: {host}\r\nX: {'x' * 9000}")
            client.raw(method, path, f"{method} {path}?{'x' * 3000} HTTP/1.1\r\nHost: {host}\r\n")
            if path.startswith("/api/"):
                client.ask(method, path, None, {"Origin": "http://evil.example"})
            if method == "POST":
                head = f"{line}Host: {host}\r\nCookie: {client.cookie}\r\n"
                chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                client.raw(method, path, f"{head}{chunked}\r\n0\r\n\r\n")
                client.ask(method, path, "x", {"Content-Type": "text/html"})
                client.raw(method, path, f"{head}Content-Type: application/json\r\n"
                                         f"Content-Length: 99999999999\r\n\r\n")
    client.ask("GET", "/api/nothing")


def without_session(client):
    event = str(uuid.uuid4())
    for target in ("/api/session", "/api/me", "/api/recommendations", "/api/events", "/api/sources",
                   "/api/tracks/x/audio", "/api/tracks/x/licence", f"/api/recommendations/{event}",
                   f"/api/recommendations/{event}/receipt", f"/api/recommendations/{event}/playlist/csv",
                   "/api/spotify", "/api/spotify/playlists"):
        client.ask("GET", target, session=False)
    client.ask("DELETE", "/api/spotify", session=False)
    client.post("/api/spotify/playlists", {"batch": event}, session=False)
    client.post("/api/recommendations", {"basis": {"kind": "songs", "songs": ["x"]}}, session=False)
    client.post("/api/feedback", {"verdicts": [{"id": "x", "verdict": "approve"}]}, session=False)
    client.ask("POST", "/api/library?name=a.csv", "x", {"Content-Type": "text/csv"}, session=False)


def operation(client):
    for target in ("/healthz", "/readyz", "/metrics", "/api/sources", "/api/library", "/api/me",
                   "/api/session"):
        client.ask("GET", target)
        client.ask("HEAD", target)
    client.events("library")
    client.events("library", {"Last-Event-ID": "-1"})


def malformed(client):
    for body in ("", "{", "[]", '{"name":1}', '{"name":""}', '{"name":"a","name":"b"}', "[" * 99):
        client.post("/api/session", body)
    for body in ("{}", '{"basis":{}}', '{"basis":{"kind":"folder"}}', '{"basis":{"kind":"library","songs":["a"]}}',
                 '{"basis":{"kind":"playlist","playlist":""}}', '{"basis":{"kind":"x","songs":["a"]}}'):
        client.post("/api/recommendations", body)
    client.post("/api/feedback", {"verdicts": []})
    for target in ("/api/tracks", "/api/tracks?q=a&limit=x", "/api/tracks?q=%zz"):
        client.ask("GET", target)
    for target in ("/api/library", "/api/library?name=a.exe", "/api/library?name=a.csv"):
        client.ask("POST", target, "", {"Content-Type": "text/csv"})


def music(client):
    """Some songs' ids; none when there is no library."""
    found = client.ask("GET", "/api/tracks?q=a&limit=50")
    client.ask("GET", "/api/tracks?q=%20")
    client.ask("GET", "/api/tracks/no-such-song")
    client.post("/api/recommendations", {"basis": {"kind": "songs", "songs": ["no-such-song"]}})
    client.post("/api/feedback", {"verdicts": [{"id": "no-such-song", "verdict": "clear"}]})
    client.post("/api/feedback", {"verdicts": [{"id": "no-such-song", "verdict": "approve"}]})
    sound_map = client.ask("GET", "/api/map")
    if found.status != 200:
        return []
    client.ask("GET", "/api/map", headers={"If-None-Match": sound_map.headers["etag"]})
    songs = [track["id"] for track in found.json()["tracks"]]
    for song in songs[:5]:
        client.ask("GET", f"/api/tracks/{song}")
    return songs


def wait_for_answer(client, event):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        response = client.ask("GET", f"/api/recommendations/{event}")
        if response.status != 202:
            return response
        time.sleep(0.02)
    client.description.complain(f"event {event}", f"no answer within {PATIENCE_S} s")
    return response


def recommendations(client, songs, answers):
    event = str(uuid.uuid4())
    body = {"event_id": event, "basis": {"kind": "songs", "songs": songs[:5]},
            "wishes": {"adventurousness": 30, "no_explicit": False, "year_from": 1900,
                       "feature_weights": {"energy": 150}}}
    first = client.post("/api/recommendations", body)
    again = client.post("/api/recommendations", body)
    if first.body != again.body:
        client.description.complain("the same event id", "gave another answer")
    client.ask("GET", f"/api/recommendations/{event}")
    client.ask("GET", f"/api/recommendations/{event}/receipt")
    client.ask("GET", f"/api/recommendations/{uuid.uuid4()}")
    client.ask("GET", f"/api/recommendations/{uuid.uuid4()}/receipt")
    if not answers:
        return
    batch = wait_for_answer(client, event).json()
    client.ask("GET", batch["ledger"]["receipt"])
    for form in ("m3u8", "jspf", "csv"):
        client.ask("GET", f"/api/recommendations/{event}/playlist/{form}")
    judged = {"verdicts": [{"id": song["id"], "verdict": "approve"}
                           for song in batch.get("recommendations", [])[:3]]}
    feedback = client.post("/api/feedback", judged)
    wait_for_answer(client, feedback.json()["id"])
    client.ask("GET", "/api/recommendations")
    client.ask("GET", "/api/me")
    client.events("batch")


def spotify(client):
    """Without a registration: what asks Spotify for something is told so."""
    for target in ("/api/spotify", "/auth/spotify/login", "/auth/spotify/login?write=true",
                   "/auth/spotify/callback", "/auth/spotify/callback?code=x&state=y",
                   "/auth/spotify/callback?error=access_denied&state=y", "/api/spotify/playlists"):
        client.ask("GET", target)
    for body in ({}, {"write": True}, {"write": 1}, {"other": 1}):
        client.post("/api/spotify/login", body)
    for url in ("", "x", "http://127.0.0.1:8080/auth/spotify/callback?code=a&state=b"):
        client.post("/api/spotify/callback", {"url": url})
    client.post("/api/spotify/playlists", {"batch": "x"})
    client.post("/api/spotify/playlists", {"batch": str(uuid.uuid4())})
    for basis in ({"kind": "spotify"}, {"kind": "spotify", "list": "playlist"},
                  {"kind": "spotify", "list": "saved", "range": "weeks"}):
        client.post("/api/recommendations", {"basis": basis})
    client.ask("DELETE", "/api/spotify")


def sign_out(client):
    client.ask("DELETE", "/api/session")
    client.ask("GET", "/api/session")


def report(description):
    operations = {operation["operationId"]: operation
                  for path in description.spec["paths"].values() for operation in path.values()}
    never = sorted(set(operations) - {name for name, _ in description.seen})
    for name in never:
        description.complain(name, "was never asked for")
    for problem in dict.fromkeys(description.problems):
        print(problem, file=sys.stderr)
    print(f"{description.checked} responses of {len(operations) - len(never)} operations, "
          f"{len(description.problems)} not as described")
    return 1 if description.problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--answers", action="store_true", help="a pipeline answers events")
    options = parser.parse_args()
    spec = yaml.safe_load(SPEC.read_text())
    description = Description(spec)
    client = Client(options.url, description)
    try:
        without_session(client)
        client.sign_in(f"openapi test {uuid.uuid4()}")
        operation(client)
        malformed(client)
        each_path_wrongly(client, spec)
        client.sign_in(f"openapi test {uuid.uuid4()}")
        songs = music(client)
        if songs:
            recommendations(client, songs, options.answers)
        spotify(client)
        sign_out(client)
    except ConnectionRefusedError as error:
        print(f"{options.url}: {error}", file=sys.stderr)
        return 2
    return report(description)


if __name__ == "__main__":
    sys.exit(main())
