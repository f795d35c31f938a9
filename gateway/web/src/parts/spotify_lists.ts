// Spotify's lists as choices of what to recommend from.

import { text } from "../strings";
import type { Source, SpotifyBasis, SpotifyPlaylist } from "../types";

const words = text.spotify;
const RANGES = ["months", "weeks", "years"] as const;

function choice(label: string, basis: SpotifyBasis) {
  return { name: JSON.stringify(basis), label };
}

export function spotify_source(): Source {
  return { kind: "spotify", available: true, choices: [
    ...RANGES.map((range) => choice(words.top_songs[range], { kind: "spotify", list: "top_songs", range })),
    ...RANGES.map((range) => choice(words.top_artists[range], { kind: "spotify", list: "top_artists", range })),
    choice(words.recent, { kind: "spotify", list: "recent" }),
    choice(words.saved, { kind: "spotify", list: "saved" }),
  ] };
}

/** Those that Spotify lets one read. */
export function spotify_playlists(playlists: SpotifyPlaylist[]) {
  return playlists.filter((playlist) => playlist.readable).map(({ id, name, songs }) => ({
    ...choice(words.playlist(name), { kind: "spotify", list: "playlist", playlist: id }), songs,
  }));
}
