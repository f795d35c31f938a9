// Modes of taste: liked songs that sound alike, so a listener of both string quartets and techno is
// two listeners, not one who likes the middle.
//
// k-means with 1, 2, ... modes (fixed seed, so the same songs give the same modes), and of these
// the number that is best by the Bayesian information criterion for equal round Gaussians (Pelleg &
// Moore, "X-means", ICML 2000; Schwarz 1978), with the variance estimated without bias and twice
// the cost for each of a mode's D + 1 numbers: the partition tried is the best of many, and with
// Schwarz's cost a single group of four songs was split in 3 of 20 tries. The variance is held at
// kModeVarianceMin at least: songs closer than that are one sound, however few they are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

inline constexpr std::size_t kModesMax = 8;
inline constexpr std::size_t kSongsToSplit = 4;  // fewer are one mode
inline constexpr double kModeVarianceMin = 1.0 / 8;

struct LikedVector {
  Vector vector{};
  std::uint32_t weight = 0;
  std::uint16_t cluster = 0;
};

struct Mode {
  std::vector<std::size_t> songs;  // indexes into what was given, ascending
  std::uint16_t cluster = 0;       // that most of them are in; ties: the heavier, then the lower
};

// Every song is in one mode; the heaviest mode (by its songs' weights) comes first, ties by first
// song. Depends on the songs' order only through ties. `dimensions` of the vectors count.
// Requires: 1 <= dimensions <= limits::kFeatureDims.
std::vector<Mode> find_modes(std::span<const LikedVector> songs, std::size_t dimensions);

}  // namespace groove::clusterer
