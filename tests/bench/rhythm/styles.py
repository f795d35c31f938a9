"""Music made to measure: small pieces in many styles whose beats, bars and key are known because
they were written that way. Deterministic by seed."""

import random

import midi_file

DIVISION = 480
MAJOR = [0, 2, 4, 5, 7, 9, 11]
MINOR = [0, 2, 3, 5, 7, 8, 10]
DORIAN = [0, 2, 3, 5, 7, 9, 10]
MIXOLYDIAN = [0, 2, 4, 5, 7, 9, 10]
SHARPS_OF_MAJOR = {0: 0, 7: 1, 2: 2, 9: 3, 4: 4, 11: 5, 6: 6, 1: -5, 8: -4, 3: -3, 10: -2, 5: -1}

# Degrees a bar, 0 is the tonic. "7": dominant seventh (on degree 4 of minor: the raised leading note).
PROGRESSIONS = {
    "major": ["0 4 5 3", "0 5 3 4", "0 3 4 0", "1 4:7 0 0", "0 2 3 4:7", "0 3 0 4:7 0 3 4:7 0",
              "5 3 0 4", "0 4 5 2 3 0 3 4", "0:7 3:7 0:7 0:7 3:7 3:7 0:7 0:7 4:7 3:7 0:7 4:7"],
    "minor": ["0 5 2 6", "0 3 4:7 0", "0 6 5 4:7", "0 5 3 4:7", "0 3 6 2 5 3 4:7 0", "0 2 6 3",
              "0 0 3 0 4:7 3 0 4:7"],
    "dorian": ["0 3 0 3", "0 6 3 0", "0 2 3 0"],
    "mixolydian": ["0 6 3 0", "0 0 6 3", "0 4 6 3"],
}
SCALES = {"major": MAJOR, "minor": MINOR, "dorian": DORIAN, "mixolydian": MIXOLYDIAN}

# meter, steps a beat, lowest and highest tempo, and parts: a pattern of one bar (or more, joined) a
# part, one letter a step: X accent, x normal, o soft, . nothing. Drum parts by General MIDI note;
# bass, comp, pad, arp, lead: see `_play`. `swing` delays off-beat steps by a share of the beat.
STYLES = {
    "rock": dict(meter=4, steps=4, tempo=(95, 140), kick="X...|..x.|x...|....",
                 snare="....|X...|....|X...",
                 hat="x.x.|x.x.|x.x.|x.x.", bass="x.x.|x.x.|x.x.|x.x.",
                 comp="x...|..x.|..x.|x...", comp_program=29,
                 lead_program=30),
    "rock_eighths": dict(meter=4, steps=2, tempo=(130, 178), kick="X.|..|xx|..",
                         snare="..|X.|..|X.", hat="xx|xx|xx|xx",
                         bass="xx|xx|xx|xx", comp="xx|xx|xx|xx", comp_program=30, lead_program=27),
    "pop": dict(meter=4, steps=4, tempo=(88, 126), kick="X...|....|x.x.|....",
                snare="....|X...|....|X..o",
                hat="x.o.|x.o.|x.o.|x.o.", bass="x..x|..x.|x..x|....", comp="x...|x...|x...|x...",
                comp_program=0,
                pad_program=50, lead_program=73),
    "house": dict(meter=4, steps=4, tempo=(118, 132), kick="X...|X...|X...|X...",
                  clap="....|X...|....|X...",
                  hat="..X.|..X.|..X.|..X.", bass="..x.|..x.|..xx|..x.",
                  comp="x..x|..x.|.x..|x...", comp_program=81),
    "waltz": dict(meter=3, steps=2, tempo=(90, 178), bass="X.|..|..", comp="..|x.|x.",
                  comp_program=48, lead_program=40),
    "waltz_drums": dict(meter=3, steps=2, tempo=(90, 150), kick="X.|..|..", snare="..|x.|x.",
                        hat="x.|x.|xx", bass="X.|..|..",
                        comp="..|x.|x.", comp_program=24, lead_program=21),
    "swing": dict(meter=4, steps=3, tempo=(110, 178), ride="x..|x.x|x..|x.x",
                  pedal="...|X..|...|X..", bass="x..|x..|x..|x..",
                  walk=True, comp="...|..x|...|x..", comp_program=0, lead_program=65),
    "ballad": dict(meter=4, steps=4, tempo=(60, 84), bass="X...|....|x...|....",
                   arp="x.x.|x.x.|x.x.|x.x.", arp_program=0,
                   pad_program=48, lead_program=71),
    "piano": dict(meter=4, steps=2, tempo=(66, 120), bass="X.|..|x.|..", arp=".x|xx|.x|xx",
                  arp_program=0, lead_program=0,
                  drift=0.05, human=0.012),
    "funk": dict(meter=4, steps=4, tempo=(92, 118), kick="X..x|....|..x.|.x..",
                 snare="....|X..o|.o..|X..o",
                 hat="xoxo|xoxo|xoxo|xoxo", bass="X..x|..x.|.x.x|..x.",
                 comp="..x.|x..x|..x.|...x", comp_program=28),
    "dnb": dict(meter=4, steps=4, tempo=(164, 176), kick="X...|....|..X.|....",
                snare="....|X...|....|X...",
                hat="x.x.|x.x.|x.x.|x.x.", bass="x...|....|..x.|....", pad_program=90),
    "reggae": dict(meter=4, steps=4, tempo=(66, 92), kick="....|....|X...|....",
                   stick="....|....|X...|....", hat="x.x.|x.xx|x.x.|x.x.",
                   bass="X..x|..x.|....|x.x.", comp="..x.|..x.|..x.|..x.", comp_program=16,
                   lead_program=56),
    "ska": dict(meter=4, steps=2, tempo=(120, 160), kick="X.|..|X.|..", snare="..|X.|..|X.",
                hat=".x|.x|.x|.x", bass="x.|x.|x.|x.", walk=True,
                comp=".x|.x|.x|.x", comp_program=27, lead_program=57),
    "six_eight": dict(meter=2, steps=3, eighths=True, tempo=(56, 92), kick="X..|...",
                      snare="...|X..", hat="xox|xox", bass="X..|x..",
                      arp="xxx|xxx", arp_program=25, lead_program=68),
    "jig": dict(meter=2, steps=3, eighths=True, tempo=(96, 124), bass="X..|x..", comp="x.x|x.x",
                comp_program=25, lead="xxx|xxx",
                lead_program=110),
    "five_four": dict(meter=5, steps=2, tempo=(110, 178), ride="x.|xx|x.|x.|xx",
                      kick="X.|..|..|X.|..", snare="..|..|x.|..|x.",
                      bass="X.|.x|x.|X.|x.", comp="X.|.x|..|x.|x.", comp_program=0,
                      lead_program=65),
    "seven_eight": dict(meter=7, unit=8, steps=2, tempo=(160, 240), kick="X.|..|..|..|X.|..|..",
                        snare="..|..|x.|..|..|..|x.",
                        hat="x.|x.|x.|x.|x.|x.|x.", bass="X.|x.|x.|..|X.|x.|x.",
                        comp="X.|..|x.|..|x.|..|x.", comp_program=24),
    "electronica": dict(meter=4, steps=4, tempo=(104, 138), kick="X...|....|X...|....",
                        arp="xxxx|xxxx|xxxx|xxxx", arp_program=81,
                        pad_program=89, bass="x...|..x.|x...|..x."),
    "arpeggio": dict(meter=4, steps=4, tempo=(96, 136), arp="xxxx|xxxx|xxxx|xxxx", arp_program=80,
                     bass="X...|....|....|...."),
    "strings": dict(meter=4, steps=2, tempo=(66, 108), pad_program=48, bass="X.|..|x.|..",
                    bass_program=43, comp="x.|x.|x.|x.",
                    comp_program=48, lead_program=40, human=0.015),
    "strings_three": dict(meter=3, steps=2, tempo=(72, 126), pad_program=49, bass="X.|..|..",
                          bass_program=42, comp="x.|x.|x.",
                          comp_program=48, lead_program=73, human=0.012),
    "hymn": dict(meter=4, steps=1, tempo=(72, 104), comp="X|x|x|x", comp_program=19,
                 bass="X|x|x|x", bass_program=19, chords_a_bar=2),
    "march": dict(meter=4, steps=2, tempo=(104, 124), kick="X.|..|x.|..", snare="..|x.|..|xx",
                  bass="X.|..|x.|..", bass_program=58,
                  comp=".x|.x|.x|.x", comp_program=61, lead_program=56),
    "bossa": dict(meter=4, steps=4, tempo=(110, 146), kick="X..x|x..x|X..x|x..x",
                  stick="x...|..x.|....|x...", hat="x.x.|x.x.|x.x.|x.x.",
                  bass="X...|..x.|x...|..x.", comp="x...|..x.|...x|....", comp_program=24,
                  lead_program=73),
    "hiphop": dict(meter=4, steps=4, tempo=(80, 98), kick="X...|..x.|.xX.|....",
                   snare="....|X...|....|X...", hat="x.x.|x.x.|x.xx|x.x.",
                   bass="X...|..x.|..x.|....", comp="x...|....|....|..x.", comp_program=4,
                   swing=0.06),
    "shuffle": dict(meter=4, steps=3, tempo=(84, 140), kick="X..|..x|X..|...",
                    snare="...|X..|...|X..", hat="x.x|x.x|x.x|x.x",
                    bass="x.x|x.x|x.x|x.x", comp="..x|...|..x|...", comp_program=29,
                    lead_program=26),
    "metal": dict(meter=4, steps=4, tempo=(100, 150), kick="xxxx|xxxx|xxxx|xxxx",
                  snare="....|X...|....|X...", crash="X...|....|....|....",
                  bass="xxxx|x.xx|xxxx|x.xx", comp="xxxx|x.xx|xxxx|x.xx", comp_program=30),
    "halftime": dict(meter=4, steps=4, tempo=(126, 152), kick="X...|....|...x|..x.",
                     snare="....|....|X...|....", hat="x.x.|x.x.|x.x.|xxx.",
                     bass="X...|....|...x|....", pad_program=51, lead_program=80),
    "guitar_three": dict(meter=3, steps=2, tempo=(84, 132), arp="xx|xx|xx", arp_program=24,
                         bass="X.|..|..", bass_program=24, human=0.01,
                         drift=0.03),
    "celtic": dict(meter=4, steps=4, tempo=(88, 120), lead="xxxx|xxxx|xxxx|xxxx", lead_program=73,
                   comp="X...|x...|x...|x...",
                   comp_program=25, bass="X...|....|x...|....", bass_program=46),
    "syncopated": dict(meter=4, steps=4, tempo=(96, 128), kick="X..x|..x.|..x.|..x.",
                       clap="....|X...|....|X...", hat="x.xx|x.xx|x.xx|x.xx",
                       bass="x..x|..x.|..x.|x.x.", comp="x..x|..x.|..x.|..x.", comp_program=5,
                       lead_program=11),
}
DRUM_NOTES = dict(kick=36, snare=38, hat=42, ride=51, clap=39, stick=37, pedal=44, crash=49)
VELOCITIES = {"X": 116, "x": 88, "o": 52}


class _Piece:
    def __init__(self, style, rng, bars):
        self.style, self.rng, self.bars = style, rng, bars
        self.song = midi_file.Song(DIVISION)
        self.tonic = rng.randrange(12)
        self.mode = rng.choices(["major", "minor", "dorian", "mixolydian"], [5, 4, 0.5, 0.5])[0]
        self.scale = SCALES[self.mode]
        self.unit = DIVISION * 3 // 2 if style.get("eighths") else DIVISION * 4 // style.get("unit", 4)
        self.bar = self.unit * style["meter"]
        self.tempo = rng.uniform(*style["tempo"])
        self.human = style.get("human", rng.choice([0, 0, 0.004, 0.008]))
        self.lead_in = int(DIVISION * self.tempo / 60 * rng.choice([0, 0, 0, 0.7, 1.9, 3.1]))

    def degree(self, degree, octave):
        return 12 * octave + self.tonic + self.scale[degree % 7] + 12 * (degree // 7)

    def chord(self, symbol):
        root, _, kind = symbol.partition(":")
        root = int(root)
        tones = [self.degree(root + step, 5) for step in (0, 2, 4)]
        if kind == "7":
            base = self.degree(root, 5)
            tones = [base, base + 4, base + 7, base + 10]
        return root, [52 + (tone - 52) % 12 for tone in tones], tones

    def add(self, tick, length, channel, pitch, velocity):
        if self.human:
            tick += self.rng.gauss(0, self.human) * self.tempo / 60 * DIVISION
            velocity += self.rng.gauss(0, 7)
        start = max(0, round(tick))
        self.song.notes.append((start, start + max(10, round(length)), channel, pitch,
                                int(min(127, max(10, velocity)))))


def _hits(piece, pattern, bar):
    """(tick, steps long, velocity) of a pattern in bar number `bar`."""
    letters = pattern.replace("|", "")
    step = piece.unit / piece.style["steps"]
    per_bar = piece.style["meter"] * piece.style["steps"]
    here = letters[bar * per_bar % len(letters):][:per_bar]
    swing = piece.style.get("swing", 0) * piece.unit
    for i, letter in enumerate(here):
        if letter != ".":
            hold = 1
            while i + hold < len(here) and here[i + hold] == ".":
                hold += 1
            late = swing if i % 2 else 0
            yield piece.lead_in + bar * piece.bar + i * step + late, hold * step, VELOCITIES[letter], i


def _drums(piece, bar, fill):
    for name, note in DRUM_NOTES.items():
        for tick, _, velocity, i in _hits(piece, piece.style.get(name, ""), bar) if name in piece.style else ():
            if not (fill and name == "hat" and i >= piece.style["steps"] * (piece.style["meter"] - 1)):
                piece.add(tick, 60, midi_file.DRUMS, note, velocity)
    if fill and "snare" in piece.style:
        step = piece.unit / 4
        for i in range(4):
            piece.add(piece.lead_in + (bar + 1) * piece.bar - (4 - i) * step, 60, midi_file.DRUMS, 45 - i, 70 + 10 * i)


def _harmony(piece, bar, symbols):
    style, rng = piece.style, piece.rng
    per_bar = style["meter"] * style["steps"]

    def chord_at(step):
        return piece.chord(symbols[min(len(symbols) - 1, step * len(symbols) // per_bar)])

    for tick, length, velocity, i in _hits(piece, style["bass"], bar) if "bass" in style else ():
        root, _, tones = chord_at(i)
        pitch = piece.degree(root, 3) if root < 5 else piece.degree(root - 7, 3)
        if style.get("walk") and i:
            pitch = pitch - pitch % 12 + rng.choice(tones) % 12
        elif i and rng.random() < 0.15:
            pitch += 7
        piece.add(tick, length * 0.9, 1, pitch, velocity)
    for tick, length, velocity, i in _hits(piece, style["comp"], bar) if "comp" in style else ():
        for pitch in chord_at(i)[1]:
            piece.add(tick, min(length, piece.unit) * 0.8, 2, pitch, velocity - 20)
    for n, symbol in enumerate(symbols if "pad_program" in style else ()):
        for pitch in piece.chord(symbol)[1]:
            piece.add(piece.lead_in + bar * piece.bar + n * piece.bar / len(symbols), piece.bar / len(symbols), 3, pitch, 64)
    for tick, length, velocity, i in _hits(piece, style["arp"], bar) if "arp" in style else ():
        tones = chord_at(i)[1]
        piece.add(tick, length, 4, tones[[0, 1, 2, 1][i % 4] % len(tones)] + 12 * (i % 8 > 3), velocity - 10)


def _motif(piece):
    """A rhythm for the melody: steps of one bar where a note starts."""
    if "lead" in piece.style:
        return [i for i, c in enumerate(piece.style["lead"].replace("|", "")) if c != "."]
    steps, meter, rng = piece.style["steps"], piece.style["meter"], piece.rng
    return [i for i in range(steps * meter)
            if rng.random() < (0.75 if i % steps == 0 else 0.4 if 2 * i % steps == 0 else 0.12)]


def _lead(piece, bar, symbols, motif, state):
    rng, step = piece.rng, piece.unit / piece.style["steps"]
    for n, i in enumerate(motif):
        root, _, tones = piece.chord(symbols[0])
        state["degree"] = max(-2, min(11, state["degree"] + rng.choice([-2, -1, -1, 0, 1, 1, 2])))
        pitch = piece.degree(state["degree"], 5)
        if i % piece.style["steps"] == 0 and rng.random() < 0.7:
            pitch = min((tone + 12 * k for tone in tones for k in (-1, 0, 1)), key=lambda p: abs(p - pitch))
        following = motif[n + 1] if n + 1 < len(motif) else piece.style["meter"] * piece.style["steps"]
        piece.add(piece.lead_in + bar * piece.bar + i * step, (following - i) * step * 0.95, 5, pitch, 92)


def _tempo_map(piece):
    drift, song, rng = piece.style.get("drift", 0), piece.song, piece.rng
    quarter_us = 60e6 / piece.tempo * DIVISION / piece.unit
    song.tempos.append((0, round(quarter_us)))
    value = 0.0
    beat, end = piece.lead_in, piece.lead_in + piece.bars * piece.bar
    while drift and beat < end:
        value = 0.9 * value + rng.gauss(0, drift / 3)
        song.tempos.append((beat, round(quarter_us * (1 + max(-2 * drift, min(2 * drift, value))))))
        beat += piece.unit


def compose(name, seed, seconds=50):
    """A Song in the style, with its tempo map, metre and key written into it."""
    rng = random.Random(f"{name}/{seed}")
    style = STYLES[name]
    piece = _Piece(style, rng, 1)
    piece.bars = max(8, int(seconds * piece.tempo / 60 / style["meter"]) // 4 * 4)
    _tempo_map(piece)
    song = piece.song
    if piece.lead_in:
        song.meters.append((0, 1, 4))
    song.meters.append((piece.lead_in, *((6, 8) if style.get("eighths") else (style["meter"], style.get("unit", 4)))))
    minor = int(piece.scale[2] == 3)
    song.keys.append((0, SHARPS_OF_MAJOR[(piece.tonic + 3 * minor) % 12], minor))
    for channel, program in ((1, style.get("bass_program", rng.choice([32, 33, 34, 38]))), (2, style.get("comp_program", 0)),
                             (3, style.get("pad_program", 0)), (4, style.get("arp_program", 0)), (5, style.get("lead_program", 0))):
        song.programs.append((0, channel, program))
    progressions = [rng.choice(PROGRESSIONS[piece.mode]).split() for _ in range(2)]
    motifs = [_motif(piece) for _ in range(4)]
    per_bar, state = style.get("chords_a_bar", rng.choice([1, 1, 1, 2]) if style["meter"] == 4 else 1), {"degree": 4}
    bars_a_chord = rng.choice([1, 1, 2]) if per_bar == 1 else 1
    intro = rng.choice([0, 0, 2, 4])
    for bar in range(piece.bars):
        progression = progressions[bar // 16 % 2]
        symbols = [progression[(bar // bars_a_chord * per_bar + i) % len(progression)] for i in range(per_bar)]
        if bar == piece.bars - 1:
            symbols = ["0"]
        if bar >= intro:
            _drums(piece, bar, fill=bar % 8 == 7)
        _harmony(piece, bar, symbols)
        if "lead_program" in style and bar >= intro and (bar // 8 % 3 != 2 or "bass" not in style):
            _lead(piece, bar, symbols, motifs[(bar % 4 == 3) + 2 * (bar // 16 % 2)], state)
    song.notes.sort()
    song.end = max(note[1] for note in song.notes) + DIVISION
    return song
