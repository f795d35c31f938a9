#!/usr/bin/env python3
"""Runs tests/browser against two real Grooves: one with songs, one without."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tracks  # noqa: E402
from groove import TOP, Groove  # noqa: E402

csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
tracks.write(csv)
full, empty = Groove([csv]), Groove()
try:
    full.up()
    full.ready()
    empty.up()
    environment = os.environ | {"GROOVE_URL": full.url, "GROOVE_EMPTY_URL": empty.url, "GROOVE_CSV": str(csv)}
    code = subprocess.run([TOP / "tests/browser/run"], env=environment, timeout=500).returncode
    if code:
        print(full.logs(), empty.logs())
finally:
    full.close()
    empty.close()
sys.exit(code)
