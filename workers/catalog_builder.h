// Writes a catalogue file (workers/catalog.h) from songs in any order: the same songs give the same
// bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "workers/base/result.h"
#include "workers/catalog.h"
#include "workers/durable_file.h"

namespace groove {

struct SongRecord {
  std::string id;
  std::string title;
  std::vector<std::string> artists;
  std::string album;
  std::string isrc;
  int year = 0;
  std::uint32_t duration_ms = 0;
  std::uint8_t popularity = 0;
  bool explicit_lyrics = false;
  std::vector<float> features;             // one for each dimension of the space, on its own scale
  std::vector<float> series;               // step after step; empty is none
  std::vector<std::int16_t> sound_vector;  // `sound-v1`; empty is none
};

class CatalogBuilder {
 public:
  // Of each step of the series, `series_dims` values; 0 for a catalogue without series.
  // Requires: series_dims <= limits::kSeriesDimsMax.
  explicit CatalogBuilder(FeatureSpace space, std::size_t series_dims = 0);

  // A repeated id replaces the song given before. Returns whether the id was new.
  // Requires: song.features.size() == space.features.size(); the id has 1 to
  // limits::kSongIdBytesMax bytes; text is UTF-8; no artist is empty or has U+001F; the year fits
  // 16 bits; popularity is at most 100; a series is of whole steps, at most
  // limits::kSeriesStepsMax, and of finite values; sound vectors have one length, at most
  // limits::kSoundVectorDimsMax.
  bool add(SongRecord song);
  std::size_t size() const { return songs_.size(); }

  // Replaces `file` atomically (workers/durable_file.h). Returns the digest.
  // Errors: kInvalid (no songs, or more than a catalogue holds), kUnavailable (the disk refused;
  // `file` is as it was).
  Result<Digest> write(const std::filesystem::path& file,
                       std::optional<FileTime> modified = std::nullopt) const;

  // The bytes that write() writes. Requires: 0 < size() <= limits::kSongsMax.
  std::string image() const;

 private:
  FeatureSpace space_;
  std::size_t series_dims_;
  std::vector<SongRecord> songs_;
  std::unordered_map<std::string, std::size_t> index_;  // id -> place in songs_
};

}  // namespace groove
