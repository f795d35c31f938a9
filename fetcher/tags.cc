#include "fetcher/tags.h"

#include <fileref.h>
#include <tpropertymap.h>

#include <algorithm>
#include <charconv>

namespace groove::fetcher {
namespace {

std::vector<std::string> texts(const TagLib::PropertyMap& map, const char* key) {
  std::vector<std::string> out;
  if (!map.contains(key)) return out;
  for (const TagLib::String& text : map[key]) out.push_back(text.to8Bit(true));
  return out;
}

std::string text(const TagLib::PropertyMap& map, const char* key) {
  const auto all = texts(map, key);
  return all.empty() ? std::string() : all.front();
}

// "1994", "1994-08-29", "1994/8".
int year_of(const std::string& date) {
  int year = 0;
  std::from_chars(date.data(), date.data() + std::min<std::size_t>(date.size(), 4), year);
  return year;
}

}  // namespace

// TagLib's names of properties are the same for all formats; "track id" is MusicBrainz' old word
// for a recording, and "release track id" its word for a track.
SongTags read_tags(const std::filesystem::path& file) {
  const TagLib::FileRef opened(file.c_str(), false);
  if (opened.isNull() || opened.file() == nullptr) return {};
  const TagLib::PropertyMap map = opened.file()->properties();
  SongTags tags;
  tags.title = text(map, "TITLE");
  tags.artists = texts(map, "ARTISTS");
  if (tags.artists.empty()) tags.artists = texts(map, "ARTIST");
  if (tags.artists.empty()) tags.artists = texts(map, "ALBUMARTIST");
  tags.album = text(map, "ALBUM");
  tags.year = year_of(text(map, "DATE"));
  tags.genres = texts(map, "GENRE");
  tags.isrc = text(map, "ISRC");
  tags.recording_id = text(map, "MUSICBRAINZ_TRACKID");
  tags.track_id = text(map, "MUSICBRAINZ_RELEASETRACKID");
  return cleaned(std::move(tags));
}

}  // namespace groove::fetcher
