// Vectors for the clusterer's tests: made from a seed, the same everywhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "clusterer/core/random.h"
#include "workers/base/vector.h"

namespace groove::clusterer {

inline constexpr std::size_t kSampleDims = 12;

// Roughly bell-shaped between -spread and +spread: the mean of four uniform draws.
inline int near_zero(Random& random, int spread) {
  int sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<int>(random.below(2 * spread + 1)) - spread;
  return sum / 4;
}

inline Vector near(const Vector& middle, int spread, Random& random) {
  Vector out{};
  for (std::size_t d = 0; d < kSampleDims; ++d)
    out[d] = static_cast<std::int16_t>(
        std::clamp(middle[d] + near_zero(random, spread), -kVectorMax, kVectorMax));
  return out;
}

// `count` songs in `groups` round groups, dealt in turn: song i is of group i % groups.
inline std::vector<Vector> grouped(std::size_t count, std::size_t groups, std::uint64_t seed,
                                   int spread = 1500) {
  Random random(seed);
  std::vector<Vector> middles, out;
  for (std::size_t g = 0; g < groups; ++g) middles.push_back(near({}, 3 * kVectorScale, random));
  for (std::size_t i = 0; i < count; ++i) out.push_back(near(middles[i % groups], spread, random));
  return out;
}

}  // namespace groove::clusterer
