#!/usr/bin/env python3
"""Learns the projection of the vector `sound-v1` and writes fetcher/core/sound/similarity_table.inc.

Reads what `retrieval_bench LIST --features FILE` wrote: path, artist, style, package, and the
song's features, tab-separated. Songs of an artist (or, without one, of a package) with three songs
or more say what varies within an artist; the projection shrinks that (linear discriminant analysis
with shrinkage, after principal components). Prints how well artists are found again when the
packages of a query were kept out of the learning (five folds).

    learn.py FEATURES TABLE
"""
import collections
import sys

import numpy as np

BLOCKS = [20, 132, 18, 5, 3, 210, 15, 15]  # as similarity_features.cc appends them
DIMS, FAR, SHRINKAGE, WHITENING = 120, 2.0, 0.3, 0.1


def read(path):
    rows = [line.rstrip("\n").split("\t") for line in open(path, errors="replace")]
    labels = np.array([row[1].lower() or "package " + row[3] for row in rows])
    return labels, np.array([row[3] for row in rows]), np.array([row[4:] for row in rows], float)


def standard(features):
    usual, spread = features.mean(0), features.std(0) + 1e-9
    weight = np.concatenate([np.full(size, size**-0.5) for size in BLOCKS])
    return usual, 1 / spread, weight, np.clip((features - usual) / spread, -FAR, FAR) * weight


def discriminant(x, labels):
    """The matrix after which what varies within an artist is round, main directions first."""
    _, _, v = np.linalg.svd(x - x.mean(0), full_matrices=False)
    first = v[:DIMS].T
    y = x @ first
    first /= y.std()
    y = x @ first
    within, count = np.zeros((DIMS, DIMS)), 0
    for label in sorted(set(labels)):
        songs = y[labels == label]
        if len(songs) < 3:
            continue
        centred = songs - songs.mean(0)
        within += centred.T @ centred / np.sqrt(len(songs))
        count += (len(songs) - 1) / np.sqrt(len(songs))
    within /= count
    within += SHRINKAGE * np.trace(within) / DIMS * np.eye(DIMS)
    w, v = np.linalg.eigh(within)
    round_ = first @ (v * w**-0.5)
    w, v = np.linalg.eigh(np.cov((x @ round_).T))
    return round_ @ (v * np.maximum(w, 1e-9) ** (-WHITENING / 2))[:, ::-1]


def vectors(x, matrix):
    z = x @ matrix
    z = z - z.mean(0)
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def precision(z, labels, queries):
    likeness = z @ z.T
    np.fill_diagonal(likeness, -9)
    nearest = np.argsort(-likeness, 1, kind="stable")
    by_label = collections.defaultdict(list)
    for i in queries:
        by_label[labels[i]].append(np.mean(labels[nearest[i, :5]] == labels[i]))
    counts = np.bincount(nearest[:, :10].ravel(), minlength=len(z))
    skew = ((counts - counts.mean()) ** 3).mean() / counts.std() ** 3
    return [np.mean(v) for v in by_label.values()], skew


def cross_validate(x, labels, packages):
    size = collections.Counter(labels)
    found, skews = [], []
    shuffled = sorted(set(packages))
    np.random.RandomState(0).shuffle(shuffled)
    for fold in range(5):
        kept_out = np.isin(packages, shuffled[fold::5])
        matrix = discriminant(x[~kept_out], labels[~kept_out])
        queries = [i for i in np.flatnonzero(kept_out) if size[labels[i]] >= 4]
        precisions, skew = precision(vectors(x, matrix), labels, queries)
        found += precisions
        skews.append(skew)
    return np.mean(found), len(found), np.mean(skews)


def number(value):
    text = f"{value:.6g}"
    return text + ("F" if "." in text or "e" in text else ".0F")


def write(path, usual, scale, weight, matrix, mean):
    unit = np.abs(matrix).max(0) / 127
    whole = np.round(matrix / unit).astype(int)
    with open(path, "w") as out:
        out.write("constexpr std::array<Column, kSimilarityFeatures> kColumns{{\n")
        for row in zip(usual, scale, weight):
            out.write("    {" + ", ".join(map(number, row)) + "},\n")
        out.write("}};\nconstexpr std::array<float, kSimilarityDims> kOffset{\n    ")
        out.write(",\n    ".join(map(number, -mean / unit)))
        out.write("};\nconstexpr std::array<float, kSimilarityDims> kUnit{\n    ")
        out.write(",\n    ".join(map(number, unit)))
        out.write("};\nconstexpr std::int8_t kProjection[kSimilarityFeatures][kSimilarityDims] = {\n")
        for row in whole:
            out.write("    {" + ",".join(map(str, row)) + "},\n")
        out.write("};\n")


def main(features_path, table_path):
    labels, packages, features = read(features_path)
    usual, scale, weight, x = standard(features)
    found, artists, skew = cross_validate(x, labels, packages)
    print(f"{len(labels)} songs; of {artists} artists kept out of the learning, balanced: "
          f"precision@5 {found:.3f}; hubness {skew:.2f}")
    matrix = discriminant(x, labels)
    write(table_path, usual, scale, weight, matrix, (x @ matrix).mean(0))


if __name__ == "__main__":
    main(*sys.argv[1:])
