// The catalogue: an immutable, memory-mapped file of songs and how they sound.
//
// Songs are sorted by id (bytewise), so a song's index is its rank and "the lower index" is the
// tie-break everywhere. Each song has one vector of quantised features in one named feature space;
// spaces never mix. The digest is SHA-256 of the file's bytes after the header; opening verifies
// it and checks every offset, so a damaged or hostile file is refused, never read out of bounds.
// Layout: workers/CATALOG.md. Written by workers/catalog_builder.h, which only ever renames a new
// file into place: a file that is changed while it is mapped is not defended against.
//
// A Catalog is immutable: const methods are safe from many threads. Views live as long as it does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/catalog_series.h"
#include "workers/catalog_vectors.h"
#include "workers/mapped_file.h"

namespace groove {

using SongIndex = std::uint32_t;

// One dimension of a feature space: its name and the range its 16 bits span linearly.
struct Feature {
  std::string name;
  float low = 0;
  float high = 1;
  bool operator==(const Feature&) const = default;
};

struct FeatureSpace {
  std::string name;  // "spotify-v1", "sound-v1": the version is part of the name
  std::vector<Feature> features;
  bool operator==(const FeatureSpace&) const = default;

  std::optional<std::size_t> find(std::string_view feature) const;
  // To the nearest step; out of range is clamped.
  std::uint16_t quantise(std::size_t dimension, float value) const;
  float value(std::size_t dimension, std::uint16_t quantised) const;
};

// The audio features of the public 1921-2020 data set: acousticness, danceability, energy,
// instrumentalness, key, liveness, loudness, mode, speechiness, tempo, valence, duration (ms).
const FeatureSpace& spotify_v1();

class Catalog {
 public:
  // Errors: kNotFound (no file), kUnavailable (it cannot be read), kCorrupt (not a catalogue, cut
  // short, or the digest differs).
  static Result<Catalog> open(const std::filesystem::path& file);

  std::size_t size() const { return size_; }
  const Digest& digest() const { return digest_; }
  const FeatureSpace& space() const { return space_; }

  // Requires: song < size(). Absent text is empty; an unknown year is 0.
  std::string_view id(SongIndex song) const;
  std::string_view title(SongIndex song) const;
  std::vector<std::string_view> artists(SongIndex song) const;
  std::string_view album(SongIndex song) const;
  std::string_view isrc(SongIndex song) const;
  int year(SongIndex song) const;
  std::uint32_t duration_ms(SongIndex song) const;
  std::uint8_t popularity(SongIndex song) const;  // 0..100, the source's; never an input to ranking
  bool explicit_lyrics(SongIndex song) const;
  std::span<const std::uint16_t> features(SongIndex song) const;  // space().features.size() of them
  float feature(SongIndex song, std::size_t dimension) const;     // on the feature's own scale
  // Step after step, series_dims() values each; empty where the song has none.
  std::span<const float> series(SongIndex song) const;
  std::size_t series_dims() const { return series_.dims(); }  // 0: no song has a series
  // Its `sound-v1`, sound_vector_dims() values; empty where the song has none.
  std::span<const std::int16_t> sound_vector(SongIndex song) const;
  std::size_t sound_vector_dims() const { return vectors_.dims(); }  // 0: no song has one

  std::optional<SongIndex> find(std::string_view id) const;  // O(log n)

 private:
  explicit Catalog(MappedFile file) : file_(std::move(file)) {}

  // Offsets of one column of text: its start for each song, and the end of the last.
  using Offsets = const std::uint32_t*;
  std::string_view text(Offsets column, SongIndex song) const;
  static Result<Catalog> from(MappedFile file);
  Status check_songs() const;

  MappedFile file_;
  Digest digest_;
  FeatureSpace space_;
  std::size_t size_ = 0;
  CatalogSeries series_;
  CatalogVectors vectors_;
  // Section starts within the mapped file; set by open().
  struct Sections {
    Offsets id = nullptr;
    Offsets title = nullptr;
    Offsets artists = nullptr;  // artists of a song are separated by U+001F
    Offsets album = nullptr;
    Offsets isrc = nullptr;
    std::string_view text;
    const std::int16_t* year = nullptr;
    const std::uint32_t* duration_ms = nullptr;
    const std::uint8_t* popularity = nullptr;
    const std::uint8_t* flags = nullptr;
    const std::uint16_t* features = nullptr;
  } at_;
};

// "Artist & Artist – Title", for people.
std::string describe(const Catalog& catalog, SongIndex song);

}  // namespace groove
