// What a music file says of itself, cleaned, and what its name says where it says nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace groove::fetcher {

// Empty or 0 is unknown.
struct SongTags {
  std::string title;
  std::vector<std::string> artists;
  std::string album;
  int year = 0;
  std::vector<std::string> genres;
  std::string isrc;          // 12 characters, upper case
  std::string recording_id;  // MusicBrainz: a UUID, lower case
  std::string track_id;      // likewise
  bool operator==(const SongTags&) const = default;
};

// Whatever comes in: UTF-8 without control characters and blanks at the ends, of bounded length; an
// ISRC, a UUID and a year that are none are dropped; "A; B" is two artists, each is named once.
SongTags cleaned(SongTags tags);

// Fills in what is missing from the file's path below its music folder: "01 - Artist - Title.ogg",
// "Artist - Title.mp3", "Artist/Album/03. Title.flac". The title is never empty afterwards; the
// artists may be.
void fill_from_path(SongTags& tags, std::string_view path);

}  // namespace groove::fetcher
