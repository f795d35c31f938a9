// How a song sounds, as the model keeps it: sixteen 16-bit numbers, each in 1024ths of a standard
// deviation from the catalogue's middle. Dimensions the feature space does not have are 0.
#pragma once

#include <array>
#include <cstdint>

#include "workers/base/limits.h"

namespace groove {

// One standard deviation of a rank-Gaussian feature in the model's vectors; values are clamped to
// +-4 deviations, so a difference is at most 2^13, its square 2^26, and the sum of sixteen 2^30:
// every squared distance is exact in 32 bits.
inline constexpr int kVectorScale = 1024;
inline constexpr int kVectorMax = 4 * kVectorScale;

using Vector = std::array<std::int16_t, limits::kFeatureDims>;
static_assert(sizeof(Vector) == 2 * limits::kFeatureDims);
static_assert(limits::kFeatureDims * (2LL * kVectorMax) * (2LL * kVectorMax) <= INT32_MAX);

}  // namespace groove
