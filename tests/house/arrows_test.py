#!/usr/bin/env python3
"""Includes run down only: stage -> workers -> proto, */core -> workers/base and Eigen alone.

Reads the #include lines of every source and names each arrow that is not allowed.
"""
import pathlib
import re
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
STAGES = ["gateway", "fetcher", "clusterer", "scorer", "ledger"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    """The room a file of ours is in: 'workers/base', 'scorer/core', 'scorer', 'proto'."""
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "groove":
        return "proto"
    if len(parts) > 2 and parts[1] in ("core", "base"):
        return f"{parts[0]}/{parts[1]}"
    return parts[0]


def allowed(room):
    """What a room may include of ours."""
    if room == "workers/base":
        return {"workers/base"}
    if room.endswith("/core"):
        return {room, "workers/base"}
    if room == "workers":
        return {"workers", "workers/base", "proto"}
    own = {room, f"{room}/core", "workers", "workers/base", "proto"}
    # Receipts are made from what the ledger has published, by the code that made that.
    return own | {"ledger/core"} if room == "gateway" else own


def arrows(path, text):
    """Every include of `text` that its room may not have, as (line number, included)."""
    room = room_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        ours = quote == '"' or target.startswith("groove/")
        if ours and room_of(target) not in allowed(room):
            yield number, target
        if not ours and room == "workers/base" and path.endswith(".h") and not standard(target):
            yield number, target
        if not ours and room.endswith("/core") and not (standard(target) or core_library(target, room)):
            yield number, target


def standard(target):
    return "." not in target and "/" not in target


def core_library(target, room):
    """Libraries of values, which pure code may use: no sockets, no files, no clock."""
    values = ["Eigen/", "sodium.h", "fmt/", "immintrin.h"]
    if room in ("gateway/core", "fetcher/core"):
        values.append("boost/json")
    return any(target.startswith(value) for value in values)


def sources():
    for folder in STAGES + ["workers"]:
        for suffix in ("*.h", "*.cc"):
            for file in sorted((TOP / folder).rglob(suffix)):
                if "node_modules" not in file.parts:
                    yield file.relative_to(TOP).as_posix(), file.read_text()


class ArrowsTest(unittest.TestCase):
    def test_every_include_runs_down(self):
        wrong = [f"{path}:{line} includes {target}"
                 for path, text in sources() for line, target in arrows(path, text)]
        self.assertEqual(wrong, [])

    def test_there_is_something_to_check(self):
        self.assertGreater(len(list(sources())), 40)

    def test_a_forbidden_arrow_is_found(self):
        self.assertTrue(list(arrows("scorer/scorer.cc", '#include "clusterer/core/kmeans.h"\n')))
        self.assertTrue(list(arrows("scorer/core/taste.h", '#include "workers/redis.h"\n')))
        self.assertTrue(list(arrows("gateway/receipts.cc", '#include "ledger/store.h"\n')))
        self.assertTrue(list(arrows("scorer/core/taste.h", "#include <zmq.hpp>\n")))
        self.assertTrue(list(arrows("ledger/core/record.h", '#include "groove/v1/event.pb.h"\n')))
        self.assertFalse(list(arrows("scorer/scorer.cc", '#include "scorer/core/taste.h"\n')))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
