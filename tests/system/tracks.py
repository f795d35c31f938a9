#!/usr/bin/env python3
"""Writes a CSV of made-up songs in the layout of the public tracks.csv: six ways of sounding, known to the tests.

usage: tracks.py FILE [SONGS]
"""
import csv
import random
import sys

# name: acousticness, danceability, energy, instrumentalness, loudness, speechiness, tempo, valence
STYLES = {
    "Folk": (0.9, 0.45, 0.2, 0.05, -14, 0.04, 95, 0.4),
    "Metal": (0.02, 0.35, 0.95, 0.3, -4, 0.1, 150, 0.3),
    "Disco": (0.1, 0.85, 0.75, 0.02, -7, 0.05, 120, 0.9),
    "Ambient": (0.85, 0.2, 0.08, 0.92, -24, 0.04, 70, 0.1),
    "Rap": (0.2, 0.8, 0.65, 0.01, -6, 0.35, 90, 0.55),
    "Techno": (0.03, 0.75, 0.88, 0.85, -8, 0.06, 130, 0.4),
}
# Songs that the browser tests look for by name; the sounds are made up all the same.
KNOWN = [("Yellow", "Coldplay"), ("Clocks", "Coldplay"), ("Wonderwall", "Oasis"), ("Creep", "Radiohead"),
         ("Iris", "The Goo Goo Dolls"), ("Podrás", "Tamara Castro")]
WORDS = "Love River Élan Stone Über Garden Night Señor Ocean Glass Paper Winter Signal Crème Motor Silver Tide".split()
COLUMNS = ("id,name,popularity,duration_ms,explicit,artists,id_artists,release_date,danceability,energy,key,loudness,"
           "mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature").split(",")


def clip(value, low, high):
    return round(min(max(value, low), high), 4)


def song(dice, number, style, middle):
    acoustic, dance, energy, instrumental, loud, speech, tempo, valence = middle
    near = lambda value, spread, low=0.0, high=1.0: clip(dice.gauss(value, spread), low, high)
    title, artist = f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}", f"{style} Band {number % 97}"
    if number < len(KNOWN):
        title, artist = KNOWN[number]
    return {
        "id": f"{style[:2]}{number:020d}", "name": title, "popularity": dice.randrange(100),
        "duration_ms": dice.randrange(120_000, 400_000), "explicit": int(dice.random() < 0.1),
        "artists": f"['{artist}']", "id_artists": "['x']", "release_date": str(dice.randrange(1960, 2021)),
        "danceability": near(dance, 0.08), "energy": near(energy, 0.06), "key": dice.randrange(12),
        "loudness": near(loud, 1.5, -60, 0), "mode": dice.randrange(2), "speechiness": near(speech, 0.03),
        "acousticness": near(acoustic, 0.06), "instrumentalness": near(instrumental, 0.06),
        "liveness": near(0.15, 0.08), "valence": near(valence, 0.1), "tempo": near(tempo, 8, 40, 220),
        "time_signature": 4}


def write(path, songs=3000, seed=1):
    dice = random.Random(seed)
    styles = list(STYLES.items())
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for number in range(songs):
            rows.writerow(song(dice, number, *styles[number % len(styles)]))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3000)
