// The songs that a taste is made of, in sums that are kept up as songs come and go.
//
// Entering a song or taking one back costs no more with many songs than with few (the search in a
// balanced tree apart, and kKernelsMax squared on average for the groups, below). Sums are
// integers: the order songs come in cannot matter, and taking a song back restores the very bits.
//
// Songs are in kKernelsMax groups at most, of those that sound alike: the first songs by a hash of
// their place in the catalogue speak for a group each, and every other song is with the one of them
// that is nearest. That is a choice by chance that depends on nothing but which songs there are,
// and one in which a song among n is a speaker with the chance kKernelsMax / n: only then are the
// groups made anew.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "scorer/core/sound_table.h"

namespace groove::scorer {

inline constexpr std::size_t kKernelsMax = 16;

// A weight that counts as one whole song: "picked by hand", or approved.
inline constexpr std::uint32_t kFullWeight = 1000;

struct TasteSong {
  Song song = 0;
  Vector vector{};
  std::uint32_t weight = kFullWeight;  // 1..kFullWeight
  std::uint32_t mode = 0;
};

// Weighted sums: 4,000 songs of weight 1,000 and squares below 2^24 stay under 2^46.
struct Moments {
  std::int64_t weight = 0;
  std::array<std::int64_t, limits::kFeatureDims> sum{}, squares{};

  void add(const TasteSong& song, std::int64_t sign);
  double songs() const { return static_cast<double>(weight) / kFullWeight; }
};

class TasteSongs {
 public:
  TasteSongs() = default;
  // All at once: groups are made once. Requires: as add() does of each.
  explicit TasteSongs(const std::vector<TasteSong>& songs);

  // Requires: the song is not among them; its weight is in 1..kFullWeight.
  void add(const TasteSong& song);
  // Whether it was among them.
  bool remove(Song song);

  std::size_t size() const { return songs_.size(); }
  bool empty() const { return songs_.empty(); }
  bool contains(Song song) const { return find(song) != nullptr; }
  const TasteSong* find(Song song) const;
  std::vector<TasteSong> sorted() const;  // ascending by song

  const Moments& all() const { return all_; }
  const std::map<std::uint32_t, Moments>& by_mode() const { return modes_; }
  struct Group {
    Song speaker = 0;
    Vector at{};
    Moments moments;
  };
  // In the order of their speakers' hashes. One whose speaker sounds as an earlier one is empty.
  const std::vector<Group>& groups() const { return groups_; }

 private:
  // A permutation of numbers, so no two songs have one.
  static std::uint64_t chance(Song song);
  void insert(const TasteSong& song);
  Group& nearest_group(const Vector& vector);
  bool speaks(std::uint64_t key) const;
  void regroup();
  void count(const TasteSong& song, std::int64_t sign);

  std::map<std::uint64_t, TasteSong> songs_;  // by chance()
  Moments all_;
  std::map<std::uint32_t, Moments> modes_;  // none empty
  std::vector<Group> groups_;
  std::uint64_t last_speaker_ = 0;
};

}  // namespace groove::scorer
