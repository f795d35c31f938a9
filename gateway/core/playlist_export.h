// A batch as a playlist that other programs read: M3U8 (players), JSPF (the JSON of XSPF, as
// ListenBrainz has it) and CSV (the columns of Exportify, which most importers know).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/reply.h"

namespace groove::gateway {

struct PlaylistSong {
  std::string id;
  std::string title;
  std::vector<std::string> artists;
  std::string album;
  std::int32_t year = 0;  // 0: unknown
  std::uint32_t duration_ms = 0;
  bool explicit_lyrics = false;
  std::uint32_t confidence_permille = 0;
  std::string path;  // within the music folder; empty: no file here
};

struct Playlist {
  std::string title;
  std::string date;  // RFC 3339
  std::vector<PlaylistSong> songs;
};

// Each song is one line, its path in the music folder or its address at Spotify; one that has
// neither is a comment, so that the list stays whole to read.
std::string to_m3u8(const Playlist& playlist);
std::string to_jspf(const Playlist& playlist);
// Text that a spreadsheet would take for a formula gets an apostrophe before it.
std::string to_csv(const Playlist& playlist);

// A file to save. `format` is m3u8, jspf or csv; otherwise a problem that names them.
Reply playlist_reply(const Playlist& playlist, std::string_view format);

}  // namespace groove::gateway
