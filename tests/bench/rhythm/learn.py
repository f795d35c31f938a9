#!/usr/bin/env python3
"""Fits the weights in fetcher/core/sound/rhythm_model.cc and key_model.cc to a truth set made by
truth_set.py, in three steps:

    rhythm_listen --features < LIST > clean.txt      # a line a piece: NAME FILE TRUE_BEATS...
    learn.py downbeat truth.json clean.txt worse.txt
    (build and listen again: the pulse's features hang on the downbeat's weights)
    learn.py pulse truth.json clean.txt worse.txt
    learn.py key truth.json clean.txt worse.txt

Prints what pieces of styles not learned from would get (cross-validation in six folds), then fits all
of them and writes the model. `--dry` only prints. Needs NumPy.
"""

import argparse
import json
import os
import re
import subprocess
import sys

import numpy as np

import score

MODEL = os.path.join(os.path.dirname(__file__), "../../../fetcher/core/sound/rhythm_model.cc")
MARKS, REACH, PULSE_FEATURES, KEY_FEATURES = 13, 3, 82, 36
METRE_COST = {2: 0.10, 3: 0.03, 4: 0, 5: 0.14, 6: 0.25, 7: 0.20}
TEMPLATE = """// Written by tests/bench/rhythm/learn.py.
#include "fetcher/core/sound/rhythm_model.h"

namespace groove::sound {{

const std::array<float, kDownbeatWeights> kDownbeatModel{{
{downbeat}}};

const std::array<float, kPulseFeatures> kPulseModel{{
{pulse}}};

}}  // namespace groove::sound
"""


KEY_MODEL = MODEL.replace("rhythm_model", "key_model")
KEY_TEMPLATE = """// Written by tests/bench/rhythm/learn.py.
#include "fetcher/core/sound/key_model.h"

namespace groove::sound {{

const std::array<std::array<std::array<float, kPitches>, kKeyChromas>, 2> kKeyProfiles{{{{
{profiles}}}}};

const float kMajorOffset = {offset};

}}  // namespace groove::sound
"""


def style(name):
    """Pieces of one style, or of one real file, stay in one fold."""
    return re.sub(r"(-\d+)?(@.*)?$", "", name)


def folds_of(names, count=6):
    groups = sorted(set(map(style, names)))
    np.random.RandomState(1).shuffle(groups)
    fold = {group: i % count for i, group in enumerate(groups)}
    return [
        ([n for n in names if fold[style(n)] != k], [n for n in names if fold[style(n)] == k])
        for k in range(count)
    ]


def read_model():
    with open(MODEL, encoding="ascii") as file:
        lists = re.findall(r"Model\{([^}]*)\}", file.read())
    return [[float(x) for x in re.findall(r"-?[\d.]+(?:e-?\d+)?", text)] for text in lists]


def cell(value):
    text = f"{value:.4g}"
    return text + ("F" if re.search("[.e]", text) else ".0F")


def rows(values):
    return "".join(
        "    " + ", ".join(map(cell, values[i : i + 10])) + ",\n" for i in range(0, len(values), 10)
    )


def write_key_model(w):
    lines = ["        {" + ", ".join(map(cell, w[i : i + 12])) + "},\n" for i in range(0, 72, 12)]
    profiles = "".join("    {{\n" + "".join(lines[i : i + 3]) + "    }},\n" for i in (0, 3))
    with open(KEY_MODEL, "w", encoding="ascii") as file:
        file.write(KEY_TEMPLATE.format(profiles=profiles, offset=cell(w[-1])))


def write_model(downbeat, pulse):
    with open(MODEL, "w", encoding="ascii") as file:
        file.write(TEMPLATE.format(downbeat=rows(downbeat), pulse=rows(pulse)))


class Downbeats:
    """Ridge logistic regression by Newton's method; each piece weighs the same, real music thrice."""

    def __init__(self, rows, truth):
        self.x, self.y, self.metre = {}, {}, {}
        for name, marks in rows.items():
            known = truth[name.split("@")[0]]
            if "downbeats" not in known:
                continue
            marks = np.array(marks)
            padded = np.pad(marks, ((REACH, REACH), (0, 0)))
            parts = [padded[k : k + len(marks)] for k in range(2 * REACH + 1)] + [
                np.ones((len(marks), 1))
            ]
            self.x[name] = np.concatenate(parts, axis=1)
            first = set(known["downbeats"])
            self.y[name] = np.array([float(beat in first) for beat in known["beats"]])
            self.metre[name] = known["meter"]

    def fit(self, names, ridge):
        a, y = np.concatenate([self.x[n] for n in names]), np.concatenate(
            [self.y[n] for n in names]
        )
        weight = np.concatenate(
            [
                np.full(len(self.y[n]), (300 if n.startswith("midi") else 100) / len(self.y[n]))
                for n in names
            ]
        )
        w = np.zeros(a.shape[1])
        for _ in range(12):
            p = 1 / (1 + np.exp(-a @ w))
            slope = a.T @ (weight * (p - y)) + ridge * w
            curve = (a * (weight * p * (1 - p))[:, None]).T @ a + ridge * np.eye(len(w))
            w = w - np.linalg.solve(curve, slope)
        return w

    def outcome(self, name, w):
        odds = self.x[name] @ w
        none = -np.logaddexp(0, odds).mean()
        fits = [
            (none + odds[first::m].sum() / len(odds) - METRE_COST[m], m, first)
            for m in METRE_COST
            for first in range(m)
        ]
        _, metre, first = max(fits)
        found, true = set(range(first, len(odds), metre)), set(np.nonzero(self.y[name])[0])
        return 2 * len(found & true) / (len(found) + len(true)), metre == self.metre[name]


class Pulses:
    """Softmax over the courses of one piece; the target leans to those with the best F-measure."""

    def __init__(self, rows, truth):
        self.x, self.score, self.tempo, self.metre = {}, {}, {}, {}
        for name, pulses in rows.items():
            known = truth[name.split("@")[0]]
            self.x[name] = np.array([features for _, _, features in pulses])
            self.score[name] = np.array(
                [score.f_measure(known["beats"], beats) for _, beats, _ in pulses]
            )
            self.metre[name] = known.get("meter", 4)
            self.tempo[name] = [(60 / period, known["tempo"]) for period, _, _ in pulses]
        every = np.concatenate(list(self.x.values()))
        self.deviation = every.std(0) + 1e-4
        self.mean = every.mean(0)

    def weight(self, name):
        """Unusual tempos teach less, real music and triple time, which is rarer here, more."""
        octaves = np.log2(self.tempo[name][0][1] / 110)
        return (0.3 + np.exp(-(octaves**2) / 0.5)) * (
            2 if name.startswith("midi") or self.metre[name] == 3 else 1
        )

    def fit(self, names, ridge, steps=400):
        most = max(len(self.x[n]) for n in names)
        x = np.zeros((len(names), most, PULSE_FEATURES), np.float32)
        absent, target = np.full((len(names), most), -1e9, np.float32), np.zeros(
            (len(names), most), np.float32
        )
        for i, n in enumerate(names):
            count = len(self.x[n])
            x[i, :count], absent[i, :count] = (self.x[n] - self.mean) / self.deviation, 0
            target[i, :count] = np.exp(15 * (self.score[n] - self.score[n].max()))
        target /= target.sum(1, keepdims=True)
        weight = np.array([self.weight(n) for n in names], np.float32)
        weight /= weight.sum()
        flat = x.reshape(-1, PULSE_FEATURES)
        w = m = v = np.zeros(PULSE_FEATURES, np.float32)
        for t in range(1, steps + 1):
            s = (flat @ w).reshape(absent.shape) + absent
            p = np.exp(s - s.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            slope = ridge * w / len(names) + ((p - target) * weight[:, None]).ravel() @ flat
            m, v = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope * slope
            w = w - 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
        return w / self.deviation

    def outcome(self, name, w):
        best = int(np.argmax(self.x[name] @ w))
        tempo, true = self.tempo[name][best]
        return self.score[name][best], score.accuracy1(true, tempo), score.accuracy2(true, tempo)


class Keys:
    """Softmax over the 24 keys; a key's weights are those of its mode, turned to its tonic."""

    def __init__(self, rows, truth):
        self.x, self.key = {}, {}
        for name, chromas in rows.items():
            key = truth[name.split("@")[0]]["key"]
            if key is None:
                continue
            parts = np.array(chromas).reshape(3, 12)
            x = np.zeros((24, 73))
            for tonic in range(12):
                turned = np.roll(parts, -tonic, axis=1).ravel()
                x[2 * tonic, :36] = turned
                x[2 * tonic + 1, 36:72] = turned
                x[2 * tonic + 1, 72] = 1
            self.x[name], self.key[name] = x, key

    def fit(self, names, ridge, steps=400):
        x = np.stack([self.x[n] for n in names])
        true = np.array([2 * self.key[n][0] + self.key[n][1] for n in names])
        of_true = x[np.arange(len(names)), true].mean(0)
        w = m = v = np.zeros(73)
        for t in range(1, steps + 1):
            s = x @ w
            p = np.exp(s - s.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            slope = np.einsum("nk,nkd->d", p, x) / len(names) - of_true + ridge * w / len(names)
            m, v = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope * slope
            w = w - 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
        return w

    def outcome(self, name, w):
        best = int(np.argmax(self.x[name] @ w))
        found = [best // 2, best % 2]
        return score.key_score(self.key[name], found), float(found == self.key[name])


def read_features(paths):
    marks, pulses, keys = {}, {}, {}
    for path in paths:
        tag = os.path.basename(path).split(".")[0]
        with open(path, encoding="ascii") as file:
            for line in file:
                kind, name, *rest = line.split()
                values = [float(x) for x in rest]
                name = f"{name}@{tag}"
                if kind == "mark":
                    marks.setdefault(name, []).append(values)
                elif kind == "key":
                    keys[name] = values
                elif kind == "pulse":
                    count = int(values[1])
                    pulses.setdefault(name, []).append(
                        (values[0], values[2 : 2 + count], values[2 + count :])
                    )
    return marks, pulses, keys


def report(learner, ridge, show):
    outcomes = {}
    for learned, left_out in folds_of(list(learner.x)):
        w = learner.fit(learned, ridge)
        outcomes.update({n: learner.outcome(n, w) for n in left_out})
    sources = ["", "own", "mma", "midi"] + sorted({"@" + n.split("@")[1] for n in outcomes})
    for source in sources:
        some = [
            o
            for n, o in outcomes.items()
            if n.startswith(source) or source.startswith("@") and n.endswith(source)
        ]
        if some:
            print(
                f"{source or 'all':12} {len(some):4}",
                " ".join(f"{value:.3f}" for value in np.mean(some, axis=0)),
            )
    if show:
        for name, outcome in sorted(outcomes.items()):
            if outcome[0] < 0.9:
                print(name, *(f"{value:.2f}" for value in outcome))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["downbeat", "pulse", "key"])
    parser.add_argument("truth", help="truth.json, or several with commas")
    parser.add_argument("features", nargs="+")
    parser.add_argument("--ridge", type=float)
    parser.add_argument("--dry", action="store_true", help="write no model")
    parser.add_argument("--show", action="store_true", help="list the pieces missed")
    args = parser.parse_args()
    truth = {}
    for path in args.truth.split(","):
        with open(path, encoding="ascii") as file:
            truth.update(json.load(file))
    marks, pulses, keys = read_features(args.features)
    learner, ridge = {
        "downbeat": lambda: (Downbeats(marks, truth), 100),
        "pulse": lambda: (Pulses(pulses, truth), 1),
        "key": lambda: (Keys(keys, truth), 5),
    }[args.what]()
    ridge = args.ridge or ridge
    report(learner, ridge, args.show)
    if args.dry:
        return
    w = learner.fit(list(learner.x), ridge)
    downbeat, pulse = read_model()
    if args.what == "key":
        write_key_model(w)
    elif args.what == "downbeat":
        write_model(w, pulse or [0] * PULSE_FEATURES)
    else:
        write_model(downbeat, w)
    subprocess.run(["clang-format-19", "-i", MODEL, KEY_MODEL], check=True)


if __name__ == "__main__":
    sys.exit(main())
