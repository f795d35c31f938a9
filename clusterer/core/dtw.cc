#include "clusterer/core/dtw.h"

#include <numbers>

#include "workers/base/check.h"

namespace groove::clusterer {
namespace {

// The two as they are: centred one on the other's mean they would not be symmetric.
SeriesSet both(const Series& a, const Series& b) {
  const Series pair[] = {a, b};
  auto set = SeriesSet::from(pair);
  GROOVE_CHECK(set.has_value());
  return std::move(*set);
}

constexpr std::uint32_t kFirst[] = {0};

}  // namespace

double dtw_cost(const Series& a, const Series& b, Band band, const Kernels& kernels) {
  const SeriesSet set = both(a, b);
  Batch batch;
  batch.pack(set, kFirst);
  return Warp(band, kernels).dtw(batch, Center(set[1], Form::kDifference))[0];
}

double soft_dtw(const Series& a, const Series& b, double gamma, const Kernels& kernels) {
  GROOVE_CHECK(gamma > 0);
  const SeriesSet set = both(a, b);
  const float scale = soft_scale(gamma);
  Batch batch;
  batch.pack(set, kFirst, scale);
  const Center center(set[1], Form::kDifference, scale);
  return Warp(std::nullopt, kernels).soft(batch, center)[0] * gamma * std::numbers::ln2;
}

}  // namespace groove::clusterer
