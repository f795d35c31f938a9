#include "clusterer/core/nearest.h"

#include <limits>

#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove::clusterer {
namespace {

static_assert(limits::kFeatureDims == 16, "the kernels' vectors");

// Sixteen products of 16 bits, summed in 32: g++ 12 makes two pmaddwd of it at -O2 and four times
// slower code at -O3, where it unrolls first (9.7 against 39 ms for 165,000 songs, 64 clusters).
inline std::int32_t dot(const Vector& a, const Vector& b) {
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < limits::kFeatureDims; ++d)
    sum += static_cast<std::int32_t>(a[d]) * static_cast<std::int32_t>(b[d]);
  return sum;
}

}  // namespace

NearestBarycenter::NearestBarycenter(std::span<const Vector> barycenters)
    : barycenters_(barycenters) {
  GROOVE_CHECK(!barycenters.empty() && barycenters.size() <= limits::kClustersMax);
  squares_.reserve(barycenters.size());
  for (const Vector& c : barycenters) squares_.push_back(dot(c, c));
}

Nearest NearestBarycenter::of(const Vector& vector) const {
  std::int32_t least = std::numeric_limits<std::int32_t>::max();
  std::size_t at = 0;
  for (std::size_t c = 0; c < barycenters_.size(); ++c) {
    const std::int32_t distance = squares_[c] - 2 * dot(vector, barycenters_[c]);
    if (distance < least) {
      least = distance;
      at = c;
    }
  }
  return {static_cast<std::uint16_t>(at), least + dot(vector, vector)};
}

std::array<Nearest, kLanes> NearestBarycenter::of_sixteen(const Vector* vectors) const {
  std::array<Nearest, kLanes> out;
  const auto walk = kernels().nearest_vectors;
  if (walk == nullptr) {
    for (std::size_t l = 0; l < kLanes; ++l) out[l] = of(vectors[l]);
    return out;
  }
  std::int32_t distance[kLanes], label[kLanes];
  walk({.songs = vectors->data(),
        .centers = barycenters_.front().data(),
        .squares = squares_.data(),
        .clusters = static_cast<int>(barycenters_.size()),
        .distance = distance,
        .label = label});
  for (std::size_t l = 0; l < kLanes; ++l)
    out[l] = {static_cast<std::uint16_t>(label[l]), distance[l] + dot(vectors[l], vectors[l])};
  return out;
}

}  // namespace groove::clusterer
