// Playlist files as text: M3U and M3U8 (with #EXTINF), PLS, XSPF (XML), JSPF (JSON).
//
// Lenient, as playlists are written by many programs: what cannot be understood is passed over.
// Text that is not UTF-8 is read as Windows-1252, which old players wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace groove::fetcher {

struct PlaylistEntry {
  std::string location;  // a path, absolute or from the playlist's folder, or an address; may be ""
  std::string title;     // may be empty, as the artist
  std::string artist;
  bool operator==(const PlaylistEntry&) const = default;
};

inline constexpr std::size_t kPlaylistBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kPlaylistEntriesMax = 20'000;  // what follows is passed over

// By the ending of `name`; nothing when it is none of a playlist.
std::optional<std::vector<PlaylistEntry>> parse_playlist(std::string_view name,
                                                         std::string_view text);

// A location as a path with '/' between its names: `file:` addresses decoded, Windows' separators
// turned and its drive dropped. Nothing for an address elsewhere ("https://...").
std::optional<std::string> local_path(std::string_view location);

}  // namespace groove::fetcher
