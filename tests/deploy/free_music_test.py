#!/usr/bin/env python3
"""deploy/free-music with a stand-in for apt-get, which hands out packages made here, or fails."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]

# Counts its calls; makes a package of the name asked for, with two songs, a short sound and a copyright file.
APT_GET = """#!/bin/bash
set -e
echo "$*" >> "$FAKE/calls"
package=${@: -1}
if [ -e "$FAKE/broken" ] && grep -qx "$package" "$FAKE/broken"; then
  echo "E: Unable to locate package $package" >&2
  exit 100
fi
tree=$(mktemp -d)
mkdir -p "$tree/DEBIAN" "$tree/usr/share/doc/$package" "$tree/usr/share/games/$package/music" "$tree/usr/bin"
printf 'Package: %s\\nVersion: 1\\nArchitecture: all\\nMaintainer: T <t@example.org>\\nDescription: t\\n' "$package" > "$tree/DEBIAN/control"
echo "free: $package" > "$tree/usr/share/doc/$package/copyright"
head -c 600000 /dev/zero > "$tree/usr/share/games/$package/music/A Song.ogg"
head -c 600000 /dev/zero > "$tree/usr/share/games/$package/music/b.mp3"
head -c 20000 /dev/zero > "$tree/usr/share/games/$package/music/effect.ogg"
echo program > "$tree/usr/bin/$package"
dpkg-deb -b "$tree" "${package}_1_all.deb" > /dev/null
rm -rf "$tree"
"""


class FreeMusicTest(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="groove-free-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        self.music = self.top / "music"
        fake = self.top / "bin/apt-get"
        fake.parent.mkdir()
        fake.write_text(APT_GET)
        fake.chmod(0o755)

    def fetch(self):
        environment = os.environ | {"PATH": f"{self.top / 'bin'}:{os.environ['PATH']}", "FAKE": str(self.top)}
        return subprocess.run([TOP / "deploy/free-music", self.music], env=environment, capture_output=True, text=True,
                              timeout=120)

    def calls(self):
        return (self.top / "calls").read_text().splitlines()

    def files(self):
        return {str(path.relative_to(self.music)) for path in self.music.rglob("*") if path.is_file()}

    def test_music_and_copyright_files_come_and_nothing_else(self):
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Maxstack/Endgame Singularity/A Song.ogg", self.files())
        self.assertIn("Maxstack/Endgame Singularity/b.mp3", self.files())
        self.assertEqual((self.music / "Maxstack/Endgame Singularity/copyright").read_text(), "free: singularity-music\n")
        self.assertEqual({pathlib.Path(name).name for name in self.files()}, {"A Song.ogg", "b.mp3", "copyright"})
        self.assertIn("CC BY-SA 3.0", done.stderr)
        self.assertTrue(all("download" in call for call in self.calls()), "nothing is installed")

    def test_what_is_there_is_not_fetched_again(self):
        self.fetch()
        before = len(self.calls())
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(len(self.calls()), before)
        shutil.rmtree(self.music / "Maxstack")
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(len(self.calls()), before + 1)

    def test_a_failure_says_what_to_do_and_keeps_what_came(self):
        (self.top / "broken").write_text("singularity-music\n")
        done = self.fetch()
        self.assertEqual(done.returncode, 1)
        for words in ("Unable to locate package singularity-music", "apt-get update", "--music DIR", "--tracks CSV"):
            self.assertIn(words, done.stderr)
        kept = self.files()
        self.assertTrue(kept)
        self.assertFalse(any(".fetching" in name or ".part" in name for name in kept))
        (self.top / "broken").unlink()
        self.assertEqual(self.fetch().returncode, 0)
        self.assertTrue(kept < self.files())


if __name__ == "__main__":
    unittest.main(verbosity=2)
