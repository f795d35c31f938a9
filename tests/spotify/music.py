"""The songs and listeners of the stand-in: what Spotify would know of them, in the shapes of its Web API of 2026."""
import csv
import hashlib
import lzma
import urllib.parse
import urllib.request
import json

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(text, length=22):
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    out = ""
    for _ in range(length):
        number, digit = divmod(number, 62)
        out += BASE62[digit]
    return out


def external(kind, key):
    return {"spotify": f"https://open.spotify.com/{kind}/{key}"}


def artist(name, whole=False):
    key = base62("artist " + name)
    simple = {"external_urls": external("artist", key), "href": f"https://api.spotify.com/v1/artists/{key}", "id": key,
              "name": name, "type": "artist", "uri": f"spotify:artist:{key}"}
    return simple | ({"genres": [], "images": []} if whole else {})


def album(song):
    key = base62("album " + song["album"])
    year = song["year"] or "1999"
    return {"album_type": "album", "total_tracks": 10, "external_urls": external("album", key),
            "href": f"https://api.spotify.com/v1/albums/{key}", "id": key, "images": [], "name": song["album"],
            "release_date": year, "release_date_precision": "year", "type": "album", "uri": f"spotify:album:{key}",
            "artists": [artist(name) for name in song["artists"]], "available_markets": []}


def track(song):
    key = song["id"]
    return {"album": album(song), "artists": [artist(name) for name in song["artists"]], "disc_number": 1,
            "duration_ms": 200_000, "explicit": False, "external_ids": {"isrc": song["isrc"]} if song["isrc"] else {},
            "external_urls": external("track", key), "href": f"https://api.spotify.com/v1/tracks/{key}", "id": key,
            "is_playable": True, "name": song["title"], "track_number": 1, "type": "track",
            "uri": f"spotify:track:{key}", "is_local": False}


def local_file(title):
    """What a playlist says of a file that lies on somebody's own disk: no id, no ISRC."""
    song = {"id": None, "title": title, "artists": ["Nobody"], "album": "", "isrc": None, "year": None}
    made = track(song)
    made["album"].update({"id": None, "release_date": None, "release_date_precision": None})
    return made | {"id": None, "is_local": True, "uri": "spotify:local:Nobody::" + urllib.parse.quote_plus(title)}


def episode(title):
    key = base62("episode " + title)
    show = base62("show")
    return {"audio_preview_url": None, "description": "", "html_description": "", "duration_ms": 1_000_000,
            "explicit": False, "external_urls": external("episode", key),
            "href": f"https://api.spotify.com/v1/episodes/{key}", "id": key, "images": [],
            "is_externally_hosted": False, "is_playable": True, "languages": ["en"], "name": title,
            "release_date": "2026-01-01", "release_date_precision": "day", "type": "episode",
            "uri": f"spotify:episode:{key}",
            "show": {"available_markets": [], "copyrights": [], "description": "", "html_description": "",
                     "explicit": False, "external_urls": external("show", show),
                     "href": f"https://api.spotify.com/v1/shows/{show}", "id": show, "images": [],
                     "is_externally_hosted": False, "languages": ["en"], "media_type": "audio", "name": "A show",
                     "publisher": "Somebody", "type": "show", "uri": f"spotify:show:{show}", "total_episodes": 1}}


def songs_of_csv(path):
    opened = lzma.open(path, "rt", encoding="utf-8") if str(path).endswith(".xz") else open(path, encoding="utf-8")
    with opened as file:
        for row in csv.DictReader(file):
            names = [name.strip(" '\"") for name in row["artists"].strip("[]").split("',")]
            yield {"id": row["id"], "title": row["name"], "artists": [name for name in names if name] or ["Unknown"],
                   "album": row.get("album") or f"{row['name']} (album)", "isrc": row.get("isrc") or "",
                   "year": (row.get("release_date") or row.get("year") or "")[:4]}


def songs_of_groove(url):
    """What a running Groove has in its catalogue, by searching it."""
    found = {}
    for letter in "aeiost":
        with urllib.request.urlopen(f"{url}/api/tracks?limit=50&q={letter}", timeout=30) as reply:
            for song in json.load(reply)["tracks"]:
                key = song["id"] if len(song["id"]) == 22 and song["id"].isalnum() else base62(song["id"])
                found[key] = {"id": key, "title": song["title"], "artists": song["artists"] or ["Unknown"],
                              "album": song.get("album") or "", "isrc": "", "year": str(song.get("year") or "")}
    return found.values()


class Listener:
    """Somebody with an account. `style` is how the artists they like begin."""

    def __init__(self, key, name, songs, foreign):
        self.key, self.name, self.songs, self.foreign = key, name, songs, foreign
        self.saved = songs[:120]
        self.playlists = {}
        # What a playlist can hold: songs, ones that no catalogue has, nothing, an episode, somebody's own file.
        entries = [track(song) for song in songs[:60]]
        unknown = {"id": base62(key + " unknown"), "title": f"Unheard of by {name}", "artists": ["Nobody Else"],
                   "album": "None", "isrc": "ZZZZZ2600001", "year": "2026"}
        entries[5:5] = [None, episode("Talking"), local_file("My own tape"), track(unknown)]
        self.add_playlist("Mixed", entries)
        self.add_playlist("Short", [track(song) for song in songs[60:65]])
        self.add_playlist("Followed", [track(song) for song in foreign[:20]], owner="somebody-else")

    @property
    def account_id(self):
        return base62("account " + self.key, 22)

    def me(self):
        return {"account_id": self.account_id, "display_name": self.name, "external_urls": external("user", self.key),
                "href": f"https://api.spotify.com/v1/users/{self.key}", "id": self.key, "images": [], "type": "user",
                "uri": f"spotify:user:{self.key}"}

    def add_playlist(self, name, entries, owner=None, public=True):
        key = base62(f"playlist {self.key} {name} {len(self.playlists)}")
        self.playlists[key] = {"name": name, "entries": entries, "owner": owner or self.key, "public": public,
                               "version": 1}
        return key

    def playlist(self, key):
        held = self.playlists[key]
        owner = held["owner"]
        return {"collaborative": False, "description": "", "external_urls": external("playlist", key),
                "href": f"https://api.spotify.com/v1/playlists/{key}", "id": key, "images": [], "name": held["name"],
                "owner": {"external_urls": external("user", owner), "href": f"https://api.spotify.com/v1/users/{owner}",
                          "id": owner, "type": "user", "uri": f"spotify:user:{owner}", "display_name": owner},
                "public": held["public"], "snapshot_id": f"{key}-{held['version']}", "type": "playlist",
                "uri": f"spotify:playlist:{key}",
                "items": {"href": f"https://api.spotify.com/v1/playlists/{key}/items",
                          "total": len(held["entries"])}}

    def top(self, kind, time_range):
        turn = {"short_term": 0, "medium_term": 20, "long_term": 40}[time_range]
        songs = self.songs[turn:turn + 80]
        if kind == "tracks":
            return [track(song) for song in songs]
        names = dict.fromkeys(name for song in songs for name in song["artists"])
        return [artist(name, whole=True) for name in names][:30]


def listeners(songs):
    """Three of different taste: by how the artists' names begin where that tells styles, else by turns."""
    songs = sorted(songs, key=lambda song: song["id"])
    styles = {}
    for song in songs:
        styles.setdefault(song["artists"][0].split()[0], []).append(song)
    shared = sorted((name for name, held in styles.items() if len(held) >= 150), key=lambda n: n)
    kinds = [styles[name] for name in shared[:3]] if len(shared) >= 3 else [songs[turn::3] for turn in range(3)]
    people = [("ada", "Ada"), ("ben", "Ben"), ("cleo", "Cléo <i>")]
    return {key: Listener(key, name, kind, kinds[(at + 1) % 3])
            for at, ((key, name), kind) in enumerate(zip(people, kinds))}
