// What tells the songs of a catalogue apart by name, worked out once when it is loaded: folding a
// title takes microseconds, and a list walks hundreds.
//
// 64-bit hashes: about 36 bytes a song, 6 MB for 165,000. Two names that collide would be taken for
// one; with a million names the chance of any such pair is one in 37 million.
#pragma once

#include <cstdint>
#include <vector>

#include "scorer/core/diversity.h"
#include "workers/catalog.h"

namespace groove::scorer {

class SongKeyTable {
 public:
  // Holds a reference to `catalog`. `threads` 0: as many as the machine has.
  explicit SongKeyTable(const Catalog& catalog, unsigned threads = 0);

  SongKeys of(Song song) const;  // a view; lives as long as the table

 private:
  const Catalog& catalog_;
  std::vector<std::uint32_t> artists_at_;  // size + 1
  std::vector<std::uint64_t> artists_, album_, title_, isrc_;
};

}  // namespace groove::scorer
