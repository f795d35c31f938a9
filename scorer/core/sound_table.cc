#include "scorer/core/sound_table.h"

#include <algorithm>

#include "workers/base/check.h"

namespace groove::scorer {
namespace {

constexpr double kUnit = kVectorScale;
// A feature that hardly varies (a synthetic catalogue's, say) must not divide by nothing.
constexpr double kVarianceMin = 1.0 / 64;

Gaussian overall_of(std::span<const Vector> vectors, std::size_t dimensions) {
  Gaussian out;
  const auto n = static_cast<double>(vectors.size());
  for (std::size_t d = 0; d < dimensions; ++d) {
    std::int64_t sum = 0, squares = 0;  // exact: 2^24 squared numbers of 2^24 fit
    for (const Vector& v : vectors) {
      sum += v[d];
      squares += std::int32_t{v[d]} * v[d];
    }
    const double mean = static_cast<double>(sum) / n;
    const double variance = static_cast<double>(squares) / n - mean * mean;
    out.mean[d] = mean / kUnit;
    out.variance[d] = std::max(variance / (kUnit * kUnit), kVarianceMin);
  }
  return out;
}

}  // namespace

SoundTable::SoundTable(std::span<const Vector> vectors, std::span<const std::int32_t> backgrounds,
                       std::size_t dimensions)
    : size_(vectors.size()), dimensions_(dimensions), stride_(vectors.size() + kLanes) {
  GROOVE_CHECK(!vectors.empty() && backgrounds.size() == vectors.size());
  GROOVE_CHECK(dimensions >= 1 && dimensions <= limits::kFeatureDims);
  columns_.resize(dimensions * stride_);
  backgrounds_.reserve(stride_);
  for (const std::int32_t b : backgrounds)
    backgrounds_.push_back(static_cast<float>(static_cast<double>(b) / 65536));
  backgrounds_.resize(stride_);
  for (std::size_t d = 0; d < dimensions; ++d)
    for (std::size_t i = 0; i < vectors.size(); ++i) columns_[d * stride_ + i] = vectors[i][d];
  overall_ = overall_of(vectors, dimensions);
}

Vector SoundTable::vector(Song song) const {
  GROOVE_CHECK(song < size());
  Vector out{};
  for (std::size_t d = 0; d < dimensions_; ++d) out[d] = column(d)[song];
  return out;
}

}  // namespace groove::scorer
