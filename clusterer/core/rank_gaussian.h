// Features as normal scores: a value becomes the standard normal quantile of its rank among the
// catalogue's songs, the rank r of n songs (from 0) standing at (r + 1/2) / n (Hazen's position).
// Whatever a feature's own scale and shape, one unit is then one standard deviation, so distances
// over several features mean something and an outlier is only the last in line.
//
// Songs with equal values share the mean of their ranks. Exact and the same everywhere: ranks are
// integers, the quantile is Wichura's AS241 (Applied Statistics 37, 1988) on IEEE operations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

inline constexpr std::size_t kKnotsMax = 257;

// How one feature becomes one dimension, for songs outside the catalogue: the catalogue's values at
// equally spaced ranks. knots[j] is the value of rank j * (songs - 1) / (knots - 1), rounded down.
struct RankScale {
  std::vector<std::uint16_t> knots;  // ascending, min(songs, kKnotsMax) of them
  std::uint64_t songs = 0;

  // The score of a value, between knots by linear interpolation of the rank. Never falls as `value`
  // rises. The score of a song of the catalogue is met exactly when songs <= kKnotsMax; else its
  // rank is met within songs / (kKnotsMax - 1) + 1.
  // Requires: not empty.
  std::int16_t scale(std::uint16_t value) const;

 private:
  double rank_of(std::uint16_t value) const;
};

struct RankGaussian {
  std::vector<Vector> vectors;    // one a song; dimensions from `features` on are 0
  std::vector<RankScale> scales;  // one a feature
};

// `rows` holds `features` quantised values a song. O(songs * features).
// Requires: 1 <= features <= limits::kFeatureDims, rows.size() a multiple of it and not 0.
RankGaussian rank_gaussian(std::span<const std::uint16_t> rows, std::size_t features);

// The z with P(Z < z) = numerator / denominator for a standard normal Z; relative error about
// 1e-15. Symmetric to the bit: swapping p and 1 - p changes the sign alone.
// Requires: 0 < numerator < denominator < 2^53.
double normal_quantile(std::uint64_t numerator, std::uint64_t denominator);

}  // namespace groove::clusterer
