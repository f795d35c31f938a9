// Writes a catalogue file (workers/catalog.h) from songs in any order: the same songs give the same
// bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workers/base/result.h"
#include "workers/catalog.h"

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
  std::vector<float> features;  // one for each dimension of the space, on its own scale
};

class CatalogBuilder {
 public:
  explicit CatalogBuilder(FeatureSpace space);

  // A repeated id replaces the song given before. Returns whether the id was new.
  // Requires: song.features.size() == space.features.size(), id not empty.
  bool add(SongRecord song);
  std::size_t size() const;

  // Replaces `file` atomically (written beside it, fsynced, renamed). Returns the digest.
  // Errors: kInvalid (no songs), kUnavailable (the disk refused; `file` is as it was).
  Result<Digest> write(const std::filesystem::path& file);

 private:
  FeatureSpace space_;
  std::vector<SongRecord> songs_;
  // index by id
  struct Index;
};

}  // namespace groove
