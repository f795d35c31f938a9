#!/usr/bin/env python3
"""Runs tests/browser against real Grooves: one with songs, one without, one with a music folder."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import songs  # noqa: E402
import tracks  # noqa: E402
from groove import BIN, TOP, Groove  # noqa: E402

csv = pathlib.Path(tempfile.mkdtemp()) / "tracks.csv"
tracks.write(csv)
folder = pathlib.Path(tempfile.mkdtemp()) / "Music"
for number in range(12):
    songs.make(folder / f"box {number % 2}/{number}.ogg", number)
(folder / "copyright").write_text("Everybody may.\n")
full, empty, music = Groove([csv]), Groove(), Groove(music=[folder])
try:
    full.up()
    full.ready()
    empty.up()
    music.up()
    music.ready()
    environment = os.environ | {"GROOVE_URL": full.url, "GROOVE_EMPTY_URL": empty.url, "GROOVE_CSV": str(csv),
                                "GROOVE_MUSIC_URL": music.url, "GROOVE_COMMAND": str(BIN / "groove")}
    code = subprocess.run([TOP / "tests/browser/run"], env=environment, timeout=500).returncode
    if code:
        print(full.logs(), empty.logs())
finally:
    full.close()
    empty.close()
    music.close()
sys.exit(code)
