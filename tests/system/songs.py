"""Small real music files, made by ffmpeg: chords that pulse, another one for each number, tagged."""
import subprocess


def make(path, number, seconds=12, swell=None):
    """`swell`: "in" for a song that comes from nothing, "out" for one that goes there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    root = 110 * 2 ** (number % 12 / 12)
    tones = "+".join(f"sin({root * ratio:.3f}*2*PI*t)" for ratio in (1, 1.26, 1.5))
    sound = f"aevalsrc=0.2*({tones})*exp(-4*mod(t*{1.2 + number % 7 * 0.25:.2f}\\,1)):s=44100:d={seconds}"
    if swell:
        sound += f",afade=t={swell}:d={seconds}"
    tags = [f"title=Song {number}", f"artist=Artist {number % 9}", f"album=Album {number % 5}"]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", sound]
    for tag in tags:
        command += ["-metadata", tag]
    if path.suffix == ".ogg":
        command += ["-c:a", "libvorbis"]
    subprocess.run([*command, str(path)], check=True, timeout=60)
