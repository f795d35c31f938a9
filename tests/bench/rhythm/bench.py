#!/usr/bin/env python3
"""How right tempo, beats, bars and key are, ours beside aubio's, on a truth set of truth_set.py.

    bench.py LISTEN SET [--only PREFIX] [--misses]

LISTEN is the program rhythm_listen. Measures: score.py. Prints one table for the clean renderings and
one for the worse, and what rhythm and key cost per second of music, after decoding and transform.
"""

import argparse
import glob
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import score

COLUMNS = ("Accuracy1", "Accuracy2", "beat F", "downbeat F", "key")


def listen(program, files, truth):
    """{name: what we hear}, and the milliseconds a second of music cost."""
    lines = "".join(
        f"{name} {path} {' '.join(map(str, truth[name]['beats']))}\n"
        for name, path in files.items()
    )
    out = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout
    heard, seconds, cost = {}, 0.0, 0.0
    for line in out.splitlines():
        _, name, *values = line.split()
        values = [float(value) for value in values]
        seconds, cost = seconds + values[0], cost + values[1]
        beats = int(values[10])
        heard[name] = dict(
            tempo=values[2],
            confidence=values[3],
            key=(int(values[4]), int(values[5])),
            signature=int(values[8]),
            beats=values[11 : 11 + beats],
            downbeats=values[12 + beats :],
        )
    return heard, 1000 * cost / seconds


def aubio_of(path):
    wave = f"/tmp/rhythm_bench_{os.getpid()}_{os.path.basename(path)}.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path, wave], check=True)
    try:
        tempo = subprocess.run(
            ["aubio", "tempo", wave], capture_output=True, text=True
        ).stdout.split()
        beats = subprocess.run(
            ["aubio", "beat", wave], capture_output=True, text=True
        ).stdout.split()
    finally:
        os.remove(wave)
    return dict(tempo=float(tempo[0]) if tempo else 0.0, beats=[float(beat) for beat in beats])


def marks(truth, heard):
    """The measures of one piece; None where the truth or the hearer knows nothing."""
    down = "downbeats" in truth and "downbeats" in heard
    key = truth["key"] is not None and "key" in heard
    return (
        float(score.accuracy1(truth["tempo"], heard["tempo"])),
        float(score.accuracy2(truth["tempo"], heard["tempo"])),
        score.f_measure(truth["beats"], heard["beats"]),
        score.f_measure(truth["downbeats"], heard["downbeats"]) if down else None,
        score.key_score(truth["key"], heard["key"]) if key else None,
    )


def mean(values):
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):.3f}" if known else "-"


def table(title, truth, hearers):
    print(f"{title:24}" + "".join(f"{column:>12}" for column in COLUMNS))
    for who, heard in hearers.items():
        rows = [marks(truth[name], heard[name]) for name in heard]
        print(
            f"  {who:10} {len(rows):4} pieces "
            + "".join(f"{mean(column):>12}" for column in zip(*rows))
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("listen")
    parser.add_argument("set")
    parser.add_argument("--only", default="", help="names that begin so")
    parser.add_argument(
        "--misses", action="store_true", help="list the pieces whose beats are missed"
    )
    args = parser.parse_args()
    with open(f"{args.set}/truth.json", encoding="ascii") as file:
        truth = json.load(file)
    for quality in ("clean", "worse"):
        files = {
            os.path.basename(path).split(".")[0]: path
            for path in sorted(glob.glob(f"{args.set}/{quality}/*"))
        }
        files = {
            name: path
            for name, path in files.items()
            if name in truth and name.startswith(args.only)
        }
        ours, cost = listen(args.listen, files, truth)
        with ThreadPoolExecutor(2) as pool:
            aubio = dict(zip(files, pool.map(aubio_of, files.values())))
        table(quality, truth, {"groove": ours, "aubio": aubio})
        print(f"  rhythm and key: {cost:.3f} ms a second of music")
        for name in sorted(ours) if args.misses else ():
            f = score.f_measure(truth[name]["beats"], ours[name]["beats"])
            if f < 0.9:
                print(
                    f"  {name}: beat F {f:.2f}, heard {ours[name]['tempo']:.1f}, true {truth[name]['tempo']:.1f}"
                )


if __name__ == "__main__":
    sys.exit(main())
