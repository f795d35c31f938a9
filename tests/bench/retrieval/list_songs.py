#!/usr/bin/env python3
"""Lists unpacked packages' music for retrieval_bench: path, artist, style, package, tab-separated.

    for p in PACKAGE...; do apt-get download $p && dpkg-deb -x ${p}_*.deb MUSIC/$p; done
    list_songs.py MUSIC > LIST

Artist and genre are what the tags say; genres are taken together into a few styles. Pieces of less
than twenty seconds are sounds, not music, and left out.
"""
import json
import pathlib
import subprocess
import sys

SUFFIXES = {".ogg", ".oga", ".opus", ".mp3", ".flac"}
STYLES = [("orchestral", ("orchest", "classi", "symphon")), ("soundtrack", ("soundtr", "game")),
          ("rock", ("rock", "metal", "punk")), ("ambient", ("ambi",)), ("folk", ("folk",)),
          ("electronic", ("electro", "techno", "trance", "house", "dance", "dnb"))]
SECONDS_LEAST = 20


def probe(path):
    """The duration and the tags of a file, wherever the container keeps them."""
    answer = subprocess.run(
        ["ffprobe", "-v", "quiet", "-of", "json", "-show_entries",
         "format=duration:format_tags:stream_tags", path],
        capture_output=True, timeout=30, check=False).stdout
    read = json.loads(answer or "{}")
    tags = {}
    for part in [read.get("format", {}), *read.get("streams", [])]:
        tags.update({name.lower(): value for name, value in part.get("tags", {}).items()})
    return float(read.get("format", {}).get("duration", 0)), tags


def style_of(genre):
    genre = genre.lower()
    return next((style for style, words in STYLES if any(word in genre for word in words)), "")


def main(top):
    for path in sorted(pathlib.Path(top).rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        seconds, tags = probe(path)
        if seconds < SECONDS_LEAST:
            continue
        fields = [str(path), tags.get("artist", ""), style_of(tags.get("genre", "")),
                  path.relative_to(top).parts[0]]
        print("\t".join(" ".join(field.split()) for field in fields))


if __name__ == "__main__":
    main(*sys.argv[1:])
