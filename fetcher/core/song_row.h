// From a row of text to a song, by the names in the header.
//
// A layout is known when its header has these columns, in any order and among others:
//   id, name, artists, duration_ms, and the eleven other features of kFeatureNames;
// and these are read where they are there:
//   year or release_date ("1978-09-23", "1995"), popularity, explicit, album, isrc.
// That covers `data.csv` (1921-2020, year), `tracks.csv` (release_date) and lists of playlist
// tracks (neither). Names are compared without regard to case and surrounding blanks.
//
// Artists are a Python-style list (['A', "B'C"], with Python's escapes) or one plain text. A plain
// text is one artist, commas and all ("Tyler, The Creator"), as is what only looks like a list
// ("[bsd.u]").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/result.h"

namespace groove::fetcher {

// The feature space spotify-v1, in its order.
inline constexpr std::array<std::string_view, 12> kFeatureNames = {
    "acousticness", "danceability", "energy",   "instrumentalness",
    "key",          "liveness",     "loudness", "mode",
    "speechiness",  "tempo",        "valence",  "duration_ms"};

struct SongRow {
  std::string id;
  std::string title;
  std::vector<std::string> artists;
  bool artists_listed = false;  // they came as a list, so all of them are there
  std::string album;            // empty: unknown, as the following
  std::string isrc;
  int year = 0;
  std::uint32_t duration_ms = 0;
  std::optional<std::uint8_t> popularity;
  std::optional<bool> explicit_lyrics;
  std::array<float, kFeatureNames.size()> features{};
};

class Layout {
 public:
  // Errors: kInvalid, with the names of the columns that are missing.
  static Result<Layout> recognise(std::span<const std::string_view> header);

  // "data.csv", "tracks.csv" or "songs without a year".
  std::string_view name() const;

  // Errors: kInvalid, with the column and what is wrong with it: another count of fields than the
  // header's, an empty id or name, no artist, text that is not UTF-8, a number that is none, is not
  // finite or is out of the feature's range. Control characters in text become blanks.
  Result<SongRow> song(std::span<const std::string_view> fields) const;

 private:
  enum Column : std::size_t {
    kId,
    kName,
    kArtists,
    kYear,
    kReleaseDate,
    kPopularity,
    kExplicit,
    kAlbum,
    kIsrc,
    kFirstFeature
  };
  static constexpr std::size_t kColumns = kFirstFeature + kFeatureNames.size();
  static std::string_view column_name(std::size_t column);

  std::string_view field(std::span<const std::string_view> fields, std::size_t column) const;

  std::size_t width_ = 0;
  std::array<std::optional<std::size_t>, kColumns> at_{};  // of each column in a row
};

}  // namespace groove::fetcher
