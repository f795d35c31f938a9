#include "clusterer/core/rank_gaussian.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/base/check.h"
#include "workers/base/exact_math.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kValues = 65536;  // that 16 bits can hold

// The coefficients of AS241's PPND16, highest power first.
using Polynomial = std::array<double, 8>;
constexpr Polynomial kMiddleAbove = {2.5090809287301226727e+3, 3.3430575583588128105e+4,
                                     6.7265770927008700853e+4, 4.5921953931549871457e+4,
                                     1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                     1.3314166789178437745e+2, 3.3871328727963666080e+0};
constexpr Polynomial kMiddleBelow = {5.2264952788528545610e+3, 2.8729085735721942674e+4,
                                     3.9307895800092710610e+4, 2.1213794301586595867e+4,
                                     5.3941960214247511077e+3, 6.8718700749205790830e+2,
                                     4.2313330701600911252e+1, 1.0};
constexpr Polynomial kNearAbove = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                                   2.41780725177450611770e-1, 1.27045825245236838258e+0,
                                   3.64784832476320460504e+0, 5.76949722146069140550e+0,
                                   4.63033784615654529590e+0, 1.42343711074968357734e+0};
constexpr Polynomial kNearBelow = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                   1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                   6.89767334985100004550e-1, 1.67638483018380384940e+0,
                                   2.05319162663775882187e+0, 1.0};
constexpr Polynomial kFarAbove = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                  1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                  2.96560571828504891230e-1, 1.78482653991729133580e+0,
                                  5.46378491116411436990e+0, 6.65790464350110377720e+0};
constexpr Polynomial kFarBelow = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                  1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                  1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                  5.99832206555887937690e-1,  1.0};

double ratio(const Polynomial& above, const Polynomial& below, double x) {
  double a = above[0], b = below[0];
  for (std::size_t i = 1; i < above.size(); ++i) {
    a = a * x + above[i];
    b = b * x + below[i];
  }
  return a / b;
}

// To the nearest integer, half away from 0, clamped: symmetric, as the quantile is.
std::int16_t to_score(double z) {
  const double scaled = std::floor(std::fabs(z) * kVectorScale + 0.5);
  const double clamped = std::min(scaled, double{kVectorMax});
  return static_cast<std::int16_t>(z < 0 ? -clamped : clamped);
}

// The rank that knot `j` stands at.
std::uint64_t knot_rank(std::uint64_t j, std::uint64_t songs, std::uint64_t knots) {
  return knots == 1 ? 0 : j * (songs - 1) / (knots - 1);
}

// Songs by value: how many have less, how many the same.
struct Ranks {
  std::vector<std::uint64_t> less, same;

  Ranks(std::span<const std::uint16_t> rows, std::size_t feature, std::size_t features)
      : less(kValues), same(kValues) {
    for (std::size_t i = feature; i < rows.size(); i += features) ++same[rows[i]];
    for (std::size_t v = 1; v < kValues; ++v) less[v] = less[v - 1] + same[v - 1];
  }
};

// p = (less + same / 2) / songs.
std::vector<std::int16_t> scores_by_value(const Ranks& ranks, std::uint64_t songs) {
  std::vector<std::int16_t> scores(kValues);
  for (std::size_t v = 0; v < kValues; ++v) {
    if (ranks.same[v] != 0)
      scores[v] = to_score(normal_quantile(2 * ranks.less[v] + ranks.same[v], 2 * songs));
  }
  return scores;
}

RankScale make_scale(const Ranks& ranks, std::uint64_t songs) {
  RankScale scale{.knots = {}, .songs = songs};
  const std::uint64_t knots = std::min<std::uint64_t>(songs, kKnotsMax);
  std::size_t value = 0;
  for (std::uint64_t j = 0; j < knots; ++j) {
    const std::uint64_t rank = knot_rank(j, songs, knots);
    while (ranks.less[value] + ranks.same[value] <= rank) ++value;
    scale.knots.push_back(static_cast<std::uint16_t>(value));
  }
  return scale;
}

}  // namespace

double normal_quantile(std::uint64_t numerator, std::uint64_t denominator) {
  GROOVE_CHECK(numerator > 0 && numerator < denominator && denominator < (1ULL << 53));
  const auto whole = static_cast<double>(denominator);
  // p - 1/2 and the smaller of p and 1 - p, each rounded once.
  const double q =
      (static_cast<double>(numerator) - static_cast<double>(denominator - numerator)) / (2 * whole);
  if (std::fabs(q) <= 0.425) return q * ratio(kMiddleAbove, kMiddleBelow, 0.180625 - q * q);
  const double tail = static_cast<double>(std::min(numerator, denominator - numerator)) / whole;
  const double r = std::sqrt(-exact_log(tail));
  const double z =
      r <= 5 ? ratio(kNearAbove, kNearBelow, r - 1.6) : ratio(kFarAbove, kFarBelow, r - 5);
  return q < 0 ? -z : z;
}

double RankScale::rank_of(std::uint16_t value) const {
  const auto rank = [&](std::size_t j) {
    return static_cast<double>(knot_rank(j, songs, knots.size()));
  };
  const auto [first, last] = std::equal_range(knots.begin(), knots.end(), value);
  const auto below = static_cast<std::size_t>(first - knots.begin());
  const auto up_to = static_cast<std::size_t>(last - knots.begin());
  if (up_to > below) return (rank(below) + rank(up_to - 1)) / 2;  // equal values share their ranks
  if (below == 0) return 0;
  if (below == knots.size()) return rank(below - 1);
  const double part = static_cast<double>(value - knots[below - 1]) /
                      static_cast<double>(knots[below] - knots[below - 1]);
  return rank(below - 1) + part * (rank(below) - rank(below - 1));
}

std::int16_t RankScale::scale(std::uint16_t value) const {
  GROOVE_CHECK(!knots.empty() && songs >= knots.size());
  // In 1/1024 of a rank, so that the quantile's argument is a ratio of integers.
  const std::uint64_t rank = static_cast<std::uint64_t>(rank_of(value) * 1024) + 512;
  return to_score(normal_quantile(rank, songs * 1024));
}

RankGaussian rank_gaussian(std::span<const std::uint16_t> rows, std::size_t features) {
  GROOVE_CHECK(features >= 1 && features <= limits::kFeatureDims);
  GROOVE_CHECK(!rows.empty() && rows.size() % features == 0);
  const std::size_t songs = rows.size() / features;
  RankGaussian out;
  out.vectors.resize(songs);
  for (std::size_t d = 0; d < features; ++d) {
    const Ranks ranks(rows, d, features);
    const auto scores = scores_by_value(ranks, songs);
    for (std::size_t i = 0; i < songs; ++i) out.vectors[i][d] = scores[rows[i * features + d]];
    out.scales.push_back(make_scale(ranks, songs));
  }
  return out;
}

}  // namespace groove::clusterer
