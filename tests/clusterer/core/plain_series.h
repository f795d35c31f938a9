// The mathematics of series as papers write it down: slow, plain, in doubles; and random series.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "clusterer/core/random.h"
#include "clusterer/core/warp.h"

namespace groove::clusterer::plain {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Near a normal distribution: the sum of four uniform numbers.
inline float noise(Random& random) {
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<float>(random.below(1 << 20)) / (1 << 20) - 0.5F;
  return sum * 1.7F;
}

inline Series random_series(std::size_t steps, std::size_t dims, Random& random) {
  Series out{dims, {}};
  for (std::size_t i = 0; i < steps * dims; ++i) out.values.push_back(noise(random));
  return out;
}

inline double squared(const Series& a, std::size_t i, const Series& b, std::size_t j) {
  double sum = 0;
  for (std::size_t d = 0; d < a.dims; ++d) {
    const double away = double{a.values[i * a.dims + d]} - b.values[j * b.dims + d];
    sum += away * away;
  }
  return sum;
}

inline bool in_band(std::size_t i, std::size_t j, std::size_t n, std::size_t m, Band band) {
  if (!band) return true;
  const auto off = static_cast<long>(i) - static_cast<long>(j);
  const auto longer = static_cast<long>(n) - static_cast<long>(m);
  const auto radius = static_cast<long>(*band);
  return off >= std::min(0L, longer) - radius && off <= std::max(0L, longer) + radius;
}

using Table = std::vector<std::vector<double>>;

// costs[i][j]: of the first i points of a against the first j of b.
inline Table dtw_table(const Series& a, const Series& b, Band band = std::nullopt) {
  const std::size_t n = a.steps(), m = b.steps();
  Table costs(n + 1, std::vector<double>(m + 1, kInfinity));
  costs[0][0] = 0;
  for (std::size_t i = 1; i <= n; ++i)
    for (std::size_t j = 1; j <= m; ++j)
      if (in_band(i - 1, j - 1, n, m, band))
        costs[i][j] = squared(a, i - 1, b, j - 1) +
                      std::min({costs[i - 1][j - 1], costs[i - 1][j], costs[i][j - 1]});
  return costs;
}

inline double plain_dtw(const Series& a, const Series& b, Band band = std::nullopt) {
  return dtw_table(a, b, band).back().back();
}

inline double plain_soft_dtw(const Series& a, const Series& b, double gamma) {
  const std::size_t n = a.steps(), m = b.steps();
  Table r(n + 1, std::vector<double>(m + 1, kInfinity));
  r[0][0] = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= m; ++j) {
      const double least = std::min({r[i - 1][j - 1], r[i - 1][j], r[i][j - 1]});
      double sum = 0;
      for (const double from : {r[i - 1][j - 1], r[i - 1][j], r[i][j - 1]})
        sum += std::exp((least - from) / gamma);
      r[i][j] = squared(a, i - 1, b, j - 1) + least - gamma * std::log(sum);
    }
  }
  return r[n][m];
}

// One round of averaging: the mean of the points aligned with each of the barycenter's.
inline Series plain_average(const Series& barycenter, const std::vector<Series>& members) {
  const std::size_t dims = barycenter.dims;
  std::vector<double> sums(barycenter.values.size(), 0), counts(barycenter.steps(), 0);
  for (const Series& x : members) {
    const Table costs = dtw_table(barycenter, x);
    for (std::size_t i = barycenter.steps(), j = x.steps(); i > 0 && j > 0;) {
      for (std::size_t d = 0; d < dims; ++d)
        sums[(i - 1) * dims + d] += x.values[(j - 1) * dims + d];
      ++counts[i - 1];
      const double across = costs[i - 1][j - 1], up = costs[i - 1][j], left = costs[i][j - 1];
      if (across <= up && across <= left) {
        --i;
        --j;
      } else if (up <= left) {
        --i;
      } else {
        --j;
      }
    }
  }
  Series out = barycenter;
  for (std::size_t v = 0; v < sums.size(); ++v)
    out.values[v] = static_cast<float>(sums[v] / counts[v / dims]);
  return out;
}

// Groups of series: each a slow wave of its own, warped and with noise; `apart` is how high the
// waves are.
struct Sample {
  std::vector<Series> series;
  std::vector<std::uint32_t> labels;
};
inline Sample waves(std::size_t count, std::uint32_t groups, std::size_t steps_min,
                    std::size_t steps_max, std::size_t dims, std::uint64_t seed, float apart = 3) {
  Random random(seed);
  std::vector<Series> middles;
  for (std::uint32_t g = 0; g < groups; ++g) middles.push_back(random_series(8, dims, random));
  Sample out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto group = static_cast<std::uint32_t>(i % groups);
    const std::size_t steps = steps_min + random.below(steps_max - steps_min + 1);
    Series s{dims, {}};
    for (std::size_t j = 0; j < steps; ++j) {
      const std::size_t at = std::min<std::size_t>(7, (j * 8 + random.below(steps)) / steps);
      for (std::size_t d = 0; d < dims; ++d)
        s.values.push_back(apart * middles[group].values[at * dims + d] + noise(random));
    }
    out.series.push_back(std::move(s));
    out.labels.push_back(group);
  }
  return out;
}

}  // namespace groove::clusterer::plain
