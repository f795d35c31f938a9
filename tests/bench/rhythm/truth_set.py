#!/usr/bin/env python3
"""Makes the truth set for rhythm and key: music rendered from MIDI, so that every beat is known.

    truth_set.py OUT [--midi DIR]... [--seeds N] [--seconds S]

Three sources: pieces of our own in many styles (styles.py); accompaniments by MMA, when it is
installed, over chord progressions of ours; and real MIDI music under --midi whose notes lie on its own
grid. Each is rendered through fluidsynth and the FluidR3 sound font into OUT/clean/NAME.flac, and once
more, worse, into OUT/worse/NAME.*: by turns noise at 20 dB, a telephone's equaliser, MP3 at 32 kbit/s,
Opus at 32 kbit/s. OUT/truth.json has for every name its beats, downbeats, beats a bar, tempo and key.
Deterministic, but for the versions of the encoders. Started again, it goes on where it stopped.
"""

import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor

import midi_file
import styles

SOUND_FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
MMA_LIBRARY = "/usr/share/mma/lib/stdlib"
CHORDS_MAJOR = [
    "C Am F G7",
    "C F G7 C",
    "Dm7 G7 C Am7",
    "C G Am F",
    "F G Em Am Dm G7 C C",
    "C C7 F Fm C G7 C G7",
    "C Em F G7",
    "C A7 D7 G7",
    "C7 F7 C7 C7 F7 F7 C7 C7 G7 F7 C7 G7",
]
CHORDS_MINOR = [
    "Am F C G",
    "Am Dm E7 Am",
    "Am G F E7",
    "Dm G7 C F Bm7b5 E7 Am Am",
    "Am Am Dm Am E7 Dm Am E7",
    "Am7 D7 Dm7 E7",
]
NAMES = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]
WORSE = [
    ("noise.ogg", "noise", ["-c:a", "libvorbis", "-q:a", "5"]),
    (
        "phone.ogg",
        "highpass=f=300,lowpass=f=3400,equalizer=f=1000:t=o:w=1:g=6",
        ["-c:a", "libvorbis", "-q:a", "5"],
    ),
    ("mp3", None, ["-c:a", "libmp3lame", "-b:a", "32k"]),
    ("opus", "bass=g=8,treble=g=-8", ["-ar", "48000", "-c:a", "libopus", "-b:a", "32k"]),
]


def own_pieces(out, seeds, seconds):
    for name in styles.STYLES:
        for seed in seeds:
            song = styles.compose(name, seed, seconds)
            path = f"{out}/midi/own-{name}-{seed}.mid"
            midi_file.write(song, path)
            yield f"own-{name}-{seed}", path, song, True


def _shift_chord(chord, shift):
    root, rest = re.match(r"([A-G][b#]?)(.*)", chord).groups()
    return NAMES[(NAMES.index(root) + shift) % 12] + rest


def _mma_tempo(name, beats, rng):
    if beats == 6:
        return rng.uniform(150, 270)
    for part, low, high in (
        ("slow", 58, 84),
        ("ballad", 60, 88),
        ("fast", 140, 180),
        ("march", 104, 124),
        ("waltz", 90, 170),
        ("swing", 108, 172),
        ("bebop", 140, 180),
        ("lullaby", 70, 100),
        ("spiritual", 66, 96),
    ):
        if part in name:
            return rng.uniform(low, high)
    return rng.uniform(80, 148)


def _chord_lines(chords, shift, bars, beats, bars_a_chord):
    """MMA's lines: a chord for one or more bars, or two in a bar."""
    shifted = [_shift_chord(chord, shift) for chord in chords]
    for bar in range(bars):
        if bars_a_chord < 1:
            rest = " /" * (beats // 2 - 1)
            yield f"{bar + 1} {shifted[2 * bar % len(chords)]}{rest} {shifted[(2 * bar + 1) % len(chords)]}{rest}"
        else:
            yield f"{bar + 1} {shifted[bar // bars_a_chord % len(chords)]}"


def mma_pieces(out, seeds, seconds):
    for path in sorted(glob.glob(f"{MMA_LIBRARY}/*.mma")):
        name = os.path.basename(path)[:-4]
        with open(path, encoding="latin-1") as file:
            text = file.read()
        grooves = [
            g
            for g in re.findall(r"^DefGroove\s+(\S+)", text, re.M)
            if not re.search("Intro|End|Fill", g)
        ]
        times = re.findall(r"^Time\s+(\d+)", text, re.M)
        if not grooves or name.startswith("metronome") or len(set(times)) > 1:
            continue
        beats = int(times[0]) if times else 4
        for seed in seeds:
            piece = _mma_piece(out, name, seed, grooves, beats, seconds)
            if piece:
                yield piece


def _mma_piece(out, style, seed, grooves, beats, seconds):
    rng, name = random.Random(f"{style}/{seed}"), f"mma-{style}-{seed}"
    tempo, shift, minor = _mma_tempo(style, beats, rng), rng.randrange(12), rng.random() < 0.4
    chords = rng.choice(CHORDS_MINOR if minor else CHORDS_MAJOR).split()
    bars = max(8, int(seconds * tempo / 60 / beats))
    lines = [f"Tempo {tempo:.3f}", f"Groove {rng.choice(grooves[:6])}"]
    lines += _chord_lines(
        chords, shift, bars, beats, rng.choice([1, 1, 2, 0.5 if beats == 4 else 1])
    )
    lines.append(f"{bars + 1} {_shift_chord('Am' if minor else 'C', shift)}")
    source, made = f"{out}/midi/mma.mma", f"{out}/midi/{name}.mid"
    with open(source, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    done = subprocess.run(["mma", "-S", f"RNDSEED={seed}", source, "-f", made], capture_output=True)
    if done.returncode:
        print(f"mma: {name}: {done.stdout[-200:]!r}", file=sys.stderr)
        return None
    song = midi_file.read(made)
    song.keys = [(0, styles.SHARPS_OF_MAJOR[shift % 12], int(minor))]
    if beats == 6:  # MMA counts the eighths as quarters
        song.division *= 2
        song.tempos = [(t, 2 * us) for t, us in song.tempos]
        song.meters = [(0, 6, 8)]
    else:
        song.meters = [(0, beats, 4)]
    return name, made, song, True


def _on_grid(song):
    """Share of onsets on sixteenths or triplets of the file's own quarters."""

    def near(tick, parts):
        step = song.division / parts
        return abs(tick / step - round(tick / step)) * step < song.division * 0.03

    return max(
        sum(near(note[0], parts) for note in song.notes) / len(song.notes) for parts in (4, 3)
    )


def _trusted_key(song):
    """Key signatures in the wild are often the editor's default: take one only when the notes keep to
    it and both the first and the last bass note agree on its major or its minor tonic."""
    if not song.keys or any(key[1:2] != song.keys[0][1:2] for key in song.keys):
        return None
    major = song.keys[0][1] * 7 % 12
    weights = [0] * 12
    tuned = [note for note in song.notes if note[2] != midi_file.DRUMS]
    for start, end, _, pitch, _ in tuned:
        weights[pitch % 12] += min(end - start, song.division * 2)
    if sum(weights[(major + step) % 12] for step in styles.MAJOR) < 0.9 * sum(weights):
        return None
    last_start = max(note[0] for note in tuned)
    last = min(n[3] for n in tuned if n[1] >= last_start) % 12
    first_start = min(note[0] for note in tuned)
    first = min(n[3] for n in tuned if n[0] <= first_start + song.division) % 12
    if first == last and first in (major, (major + 9) % 12):
        return first, int(first != major)
    return None


def _trusted_bars(song):
    """Time signatures are, too: bars whose snare drum falls on the first and third beat are shifted."""
    on = [0] * 4
    ticks, grid = [], midi_file.bar_grid(song)
    for tick, position, beats in grid:
        ticks.append((tick, position if beats == 4 else -1))
    for start, _, channel, pitch, _ in song.notes:
        if channel == midi_file.DRUMS and pitch in (38, 40):
            tick, position = ticks[max(0, bisect_right(ticks, (start + song.division / 16, 9)) - 1)]
            if position >= 0 and abs(start - tick) < song.division / 8:
                on[position] += 1
    return bool(song.meters) and on[0] + on[2] <= on[1] + on[3]


def real_pieces(folders, seconds):
    for folder in folders:
        for path in sorted(glob.glob(f"{folder}/**/*.mid", recursive=True)):
            song = midi_file.read(path)
            if len(song.notes) < 200 or _on_grid(song) < 0.9:
                continue
            key = _trusted_key(song)
            song.keys = (
                [(0, styles.SHARPS_OF_MAJOR[(key[0] + 3 * key[1]) % 12], key[1])] if key else []
            )
            clock = midi_file.Clock(song)
            song.notes = [note for note in song.notes if clock(note[0]) < 1.5 * seconds]
            name = re.sub(r"[^a-z0-9]+", "-", os.path.basename(path)[:-4].lower())
            yield f"midi-{name}", path, song, _trusted_bars(song)


def truth_of(song, downbeats_known):
    clock = midi_file.Clock(song)
    first, last = min(n[0] for n in song.notes), max(n[0] for n in song.notes)
    grid = [g for g in midi_file.bar_grid(song) if first - song.division / 4 <= g[0] <= last]
    beats = [clock(tick) for tick, _, _ in grid]
    steps = sorted(b - a for a, b in zip(beats, beats[1:]))
    truth = dict(
        beats=[round(b, 4) for b in beats], tempo=round(60 / steps[len(steps) // 2], 3), key=None
    )
    if downbeats_known:
        truth["downbeats"] = [round(clock(t), 4) for t, position, _ in grid if position == 0]
        truth["meter"] = max(set(g[2] for g in grid), key=[g[2] for g in grid].count)
    if song.keys:
        _, sharps, minor = song.keys[0]
        truth["key"] = [(sharps * 7 + 9 * minor) % 12, 1 - minor]
    return truth


def _ffmpeg(source, target, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *options, target], check=True)


def render(out, name, index, midi, seconds):
    wave = f"{out}/{name}.wav"
    ending, effect, coding = WORSE[index % len(WORSE)]
    if os.path.exists(f"{out}/done/{name}"):
        return
    subprocess.run(
        ["fluidsynth", "-ni", "-q", "-g", "0.6", "-F", wave, "-r", "44100", SOUND_FONT, midi],
        check=True,
        capture_output=True,
    )
    cut = ["-t", str(1.5 * seconds)]
    _ffmpeg(wave, f"{out}/clean/{name}.flac", *cut)
    worse = f"{out}/worse/{name}.{ending}"
    if effect == "noise":
        level = subprocess.run(
            ["ffmpeg", "-i", wave, "-af", "volumedetect", "-f", "null", "-"],
            capture_output=True,
            text=True,
        )
        mean_db = float(re.search(r"mean_volume: (\S+) dB", level.stderr).group(1))
        amplitude = (
            10 ** ((mean_db - 20) / 20) * 3**0.5
        )  # uniform noise has the rms amplitude / sqrt 3
        _ffmpeg(
            wave,
            worse,
            *cut,
            "-filter_complex",
            f"anoisesrc=a={amplitude:.6f}:c=white:r=44100:s={index}[n];[0][n]amix=inputs=2:duration=first:normalize=0",
            *coding,
        )
    else:
        _ffmpeg(wave, worse, *cut, *(["-af", effect] if effect else []), *coding)
    os.remove(wave)
    open(f"{out}/done/{name}", "wb").close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out")
    parser.add_argument("--midi", action="append", default=[], help="folder of real MIDI files")
    parser.add_argument("--seeds", type=int, default=2, help="pieces a style (default 2)")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=50, help="length of a piece (default 50)")
    args = parser.parse_args()
    for folder in ("midi", "clean", "worse", "done"):
        os.makedirs(f"{args.out}/{folder}", exist_ok=True)
    truths, jobs = {}, []
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    for name, path, song, known in [
        *own_pieces(args.out, seeds, args.seconds),
        *mma_pieces(args.out, seeds, args.seconds),
        *real_pieces(args.midi, args.seconds),
    ]:
        truths[name] = truth_of(song, known)
        jobs.append((name, path))
    with open(f"{args.out}/truth.json", "w", encoding="ascii") as file:
        json.dump(truths, file, indent=0)
    with ThreadPoolExecutor(2) as pool:
        for n, _ in enumerate(
            pool.map(
                lambda job: render(args.out, job[1][0], job[0], job[1][1], args.seconds),
                enumerate(jobs),
            )
        ):
            print(f"\r{n + 1} of {len(jobs)}", end="", file=sys.stderr)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
