#include "clusterer/core/density.h"

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"
#include "workers/base/exact_math.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kDims = limits::kFeatureDims;
constexpr double kTwoPi = 6.28318530717958647693;
// e^-40 is below half a unit in the last place of 1: such a term cannot change the sum.
constexpr double kNatsThatMatter = 40;

struct Moments {
  std::int64_t songs = 0;
  std::array<std::int64_t, kDims> sum{}, squares{};

  void add(const Vector& vector) {
    ++songs;
    for (std::size_t d = 0; d < kDims; ++d) {
      sum[d] += vector[d];
      squares[d] += vector[d] * vector[d];
    }
  }
  void add(const Moments& other) {
    songs += other.songs;
    for (std::size_t d = 0; d < kDims; ++d) {
      sum[d] += other.sum[d];
      squares[d] += other.squares[d];
    }
  }
  double mean(std::size_t d) const {
    return static_cast<double>(sum[d]) / static_cast<double>(songs) / kVectorScale;
  }
  // The summed squared distance from the mean.
  double scatter(std::size_t d) const {
    constexpr double kUnit = double{kVectorScale} * kVectorScale;
    const auto n = static_cast<double>(songs), s = static_cast<double>(sum[d]);
    return std::max(0.0, (static_cast<double>(squares[d]) - s * s / n) / kUnit);
  }
};

}  // namespace

Background::Background(std::span<const Vector> vectors, std::span<const std::uint16_t> labels,
                       std::size_t clusters, std::size_t dimensions)
    : dimensions_(dimensions) {
  GROOVE_CHECK(!vectors.empty() && labels.size() == vectors.size());
  GROOVE_CHECK(dimensions >= 1 && dimensions <= kDims);
  std::vector<Moments> moments(clusters);
  for (std::size_t i = 0; i < vectors.size(); ++i) moments.at(labels[i]).add(vectors[i]);
  Moments all;
  for (const Moments& m : moments) all.add(m);

  const auto songs = static_cast<double>(all.songs);
  for (const Moments& m : moments) {
    if (m.songs == 0) continue;
    const auto own = static_cast<double>(m.songs);
    Component c;
    c.log_factor = exact_log(own / songs);
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double shrunk =
          (m.scatter(d) + kShrinkSongs * all.scatter(d) / songs) / (own + kShrinkSongs);
      const double variance = std::max(shrunk, kVarianceMin);
      c.mean[d] = m.mean(d);
      c.half_precision[d] = 1 / (2 * variance);
      c.log_factor -= exact_log(kTwoPi * variance) / 2;
    }
    components_.push_back(c);
  }
}

double Background::log_density(const Vector& vector) const {
  std::array<double, limits::kClustersMax> terms;
  double largest = -HUGE_VAL;
  for (std::size_t k = 0; k < components_.size(); ++k) {
    const Component& c = components_[k];
    double term = c.log_factor;
    for (std::size_t d = 0; d < dimensions_; ++d) {
      const double away = static_cast<double>(vector[d]) / kVectorScale - c.mean[d];
      term -= away * away * c.half_precision[d];
    }
    terms[k] = term;
    largest = std::max(largest, term);
  }
  double sum = 0;
  for (std::size_t k = 0; k < components_.size(); ++k)
    if (terms[k] > largest - kNatsThatMatter) sum += exact_exp(terms[k] - largest);
  return largest + exact_log(sum);
}

std::vector<std::int32_t> Background::log_densities(std::span<const Vector> vectors,
                                                    unsigned threads) const {
  std::vector<std::int32_t> out(vectors.size());
  for_each_block(vectors.size(), thread_count(threads),
                 [&](unsigned, std::size_t begin, std::size_t end) {
                   for (std::size_t i = begin; i < end; ++i)
                     out[i] = static_cast<std::int32_t>(
                         std::floor(log_density(vectors[i]) * kLogDensityScale + 0.5));
                 });
  return out;
}

}  // namespace groove::clusterer
