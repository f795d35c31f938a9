// The adjusted Rand index (Hubert & Arabie 1985): how well two groupings of the same things agree;
// 1 for the same, 0 for chance, the names of the groups do not matter.
#pragma once

#include <cstdint>
#include <span>

namespace groove::clusterer {

// Requires: the same size, not empty.
double adjusted_rand_index(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace groove::clusterer
