"""Reads and writes Standard MIDI Files: notes, tempo map, time signatures and key signatures.

Follows the Standard MIDI Files 1.0 specification (MIDI Manufacturers Association, 1996), formats 0
and 1. Only what music of known beats needs.
"""

import struct
from bisect import bisect_right
from dataclasses import dataclass, field

DRUMS = 9  # the channel General MIDI gives to percussion


@dataclass
class Song:
    """Times are ticks. `tempos`: (tick, microseconds a quarter); `meters`: (tick, beats, unit), unit
    4 for quarters; `keys`: (tick, sharps, minor); `notes`: (start, end, channel, pitch, velocity).
    """

    division: int = 480
    tempos: list = field(default_factory=list)
    meters: list = field(default_factory=list)
    keys: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    programs: list = field(default_factory=list)  # (tick, channel, program)
    end: int = 0


def _variable(data, at):
    value = 0
    while True:
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at


def _read_meta(song, tick, kind, body):
    if kind == 0x51 and len(body) == 3:
        song.tempos.append((tick, int.from_bytes(body, "big")))
    elif kind == 0x58 and len(body) >= 2:
        song.meters.append((tick, body[0], 1 << body[1]))
    elif kind == 0x59 and len(body) == 2:
        song.keys.append((tick, struct.unpack("b", body[:1])[0], body[1]))


def _read_track(song, data):
    at = tick = status = 0
    sounding = {}
    while at < len(data):
        step, at = _variable(data, at)
        tick += step
        if data[at] >= 0x80:
            status = data[at]
            at += 1
        if status == 0xFF:
            kind = data[at]
            size, at = _variable(data, at + 1)
            _read_meta(song, tick, kind, data[at : at + size])
            at += size
        elif status in (0xF0, 0xF7):
            size, at = _variable(data, at)
            at += size
        else:
            channel, command = status & 15, status & 0xF0
            first = data[at]
            second = data[at + 1] if command not in (0xC0, 0xD0) else 0
            at += 1 if command in (0xC0, 0xD0) else 2
            if command == 0xC0:
                song.programs.append((tick, channel, first))
            elif command == 0x90 and second > 0:
                sounding.setdefault((channel, first), []).append((tick, second))
            elif command in (0x80, 0x90) and sounding.get((channel, first)):
                start, velocity = sounding[channel, first].pop(0)
                song.notes.append((start, tick, channel, first, velocity))
    song.end = max(song.end, tick)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"MThd":
        raise ValueError(f"{path}: not a MIDI file")
    size, _, tracks, division = struct.unpack(">IHHH", data[4:14])
    if division & 0x8000:
        raise ValueError(f"{path}: SMPTE time")
    song, at = Song(division), 8 + size
    for _ in range(tracks):
        if data[at : at + 4] != b"MTrk":
            break
        length = struct.unpack(">I", data[at + 4 : at + 8])[0]
        _read_track(song, data[at + 8 : at + 8 + length])
        at += 8 + length
    for events in (song.tempos, song.meters, song.keys, song.notes, song.programs):
        events.sort()
    return song


def _length(value):
    out = [value & 0x7F]
    while value := value >> 7:
        out.insert(0, value & 0x7F | 0x80)
    return bytes(out)


def write(song, path):
    """One track (format 0), which keeps the order of simultaneous events: meta, program, off, on."""
    events = [(t, 0, bytes([0xFF, 0x51, 3]) + us.to_bytes(3, "big")) for t, us in song.tempos]
    events += [
        (t, 0, bytes([0xFF, 0x58, 4, n, unit.bit_length() - 1, 24, 8]))
        for t, n, unit in song.meters
    ]
    events += [
        (t, 0, bytes([0xFF, 0x59, 2, sharps & 0xFF, minor])) for t, sharps, minor in song.keys
    ]
    events += [(t, 1, bytes([0xC0 | c, p])) for t, c, p in song.programs]
    for start, end, channel, pitch, velocity in song.notes:
        events.append((start, 3, bytes([0x90 | channel, pitch, velocity])))
        events.append((max(end, start + 1), 2, bytes([0x80 | channel, pitch, 0])))
    body, last = b"", 0
    for tick, _, message in sorted(events):
        body += _length(tick - last) + message
        last = tick
    body += _length(max(0, song.end - last)) + bytes([0xFF, 0x2F, 0])
    with open(path, "wb") as file:
        file.write(struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, song.division, b"MTrk", len(body)))
        file.write(body)


class Clock:
    """Seconds of a tick, by the song's tempo map."""

    def __init__(self, song):
        self.division = song.division
        self.ticks, self.seconds, self.rates = [0], [0.0], [500_000]
        for tick, rate in song.tempos:
            now = self(tick)
            if tick == self.ticks[-1]:
                self.rates[-1] = rate
            else:
                self.ticks.append(tick)
                self.seconds.append(now)
                self.rates.append(rate)

    def __call__(self, tick):
        i = bisect_right(self.ticks, tick) - 1
        return self.seconds[i] + (tick - self.ticks[i]) * self.rates[i] / self.division / 1e6


def bar_grid(song):
    """[(tick, position in bar, beats a bar)] to the end of the last note. The beat is the quarter;
    in 6/8, 9/8 and 12/8 the dotted quarter; in other eighth metres the written unit."""
    end = max((note[1] for note in song.notes), default=0)
    meters = [m for m in song.meters] or [(0, 4, 4)]
    if meters[0][0] > 0:
        meters.insert(0, (0, 4, 4))
    grid = []
    for i, (start, beats, unit) in enumerate(meters):
        stop = meters[i + 1][0] if i + 1 < len(meters) else end
        step = song.division * 4 / unit
        if unit == 8 and beats in (6, 9, 12):
            step, beats = step * 3, beats // 3
        n = 0
        while start + n * step < stop - 1:
            grid.append((start + n * step, n % beats, beats))
            n += 1
    return grid
