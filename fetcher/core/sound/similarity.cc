#include "fetcher/core/sound/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr float kFar =
    2;  // deviations from the usual; farther is as far: one odd number is no song

struct Column {
  float usual, scale;  // a feature counts (value - usual) * scale, cut at kFar times its weight
  float weight;
};

// kColumns, kOffset, kUnit and kProjection, written by tests/bench/retrieval/learn.py.
#include "fetcher/core/sound/similarity_table.inc"

}  // namespace

std::vector<std::int16_t> project_similarity(std::span<const float> features) {
  GROOVE_CHECK(features.size() == kSimilarityFeatures);
  std::array<float, kSimilarityDims> sum = kOffset;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Column& column = kColumns[i];
    const float value =
        column.weight * std::clamp((features[i] - column.usual) * column.scale, -kFar, kFar);
    for (std::size_t dim = 0; dim < kSimilarityDims; ++dim)
      sum[dim] += value * static_cast<float>(kProjection[i][dim]);
  }
  double length = 1e-12;
  for (std::size_t dim = 0; dim < kSimilarityDims; ++dim) {
    sum[dim] *= kUnit[dim];
    length += static_cast<double>(sum[dim]) * sum[dim];
  }
  std::vector<std::int16_t> vector;
  for (const float value : sum)
    vector.push_back(
        static_cast<std::int16_t>(std::lround(kSimilarityOne * value / std::sqrt(length))));
  return vector;
}

std::vector<std::int16_t> similarity_vector(const Frames& frames, double loudness) {
  if (frames.duration < kSimilaritySeconds) return {};
  return project_similarity(similarity_features(frames, loudness));
}

}  // namespace groove::sound
