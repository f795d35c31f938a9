#include "scorer/core/taste.h"

#include <algorithm>

#include "workers/base/check.h"
#include "workers/base/exact_math.h"

namespace groove::scorer {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;

struct Strength {
  double mean_songs, variance_songs;
};

// The normal of what was seen after `strength` songs of `prior` were seen first.
Gaussian shrunk(const Moments& seen, const Gaussian& prior, Strength strength,
                std::size_t dimensions) {
  Gaussian out;
  const double n = seen.songs();
  for (std::size_t d = 0; d < dimensions; ++d) {
    const double sum = static_cast<double>(seen.sum[d]) / (double{kFullWeight} * kVectorScale);
    const double squares =
        static_cast<double>(seen.squares[d]) / (double{kFullWeight} * kVectorScale * kVectorScale);
    const double mean = (sum + strength.mean_songs * prior.mean[d]) / (n + strength.mean_songs);
    const double scatter = std::max(0.0, squares - 2 * mean * sum + mean * mean * n);
    out.mean[d] = mean;
    out.variance[d] =
        (scatter + strength.variance_songs * prior.variance[d]) / (n + strength.variance_songs);
  }
  return out;
}

void widen(Gaussian& normal, const Gaussian& catalogue, std::size_t dimensions, double width) {
  for (std::size_t d = 0; d < dimensions; ++d)
    normal.variance[d] += width * (catalogue.variance[d] - normal.variance[d]);
}

// To the nearest step.
Vector mean_of(const Moments& group) {
  Vector out{};
  for (std::size_t d = 0; d < out.size(); ++d) {
    const std::int64_t twice = 2 * group.sum[d] + (group.sum[d] < 0 ? -group.weight : group.weight);
    out[d] = static_cast<std::int16_t>(twice / (2 * group.weight));
  }
  return out;
}

}  // namespace

Taste make_taste(const TasteSongs& songs, const Gaussian& catalogue, std::size_t dimensions,
                 double width) {
  GROOVE_CHECK(!songs.empty() && dimensions >= 1);
  const double total = songs.all().songs();
  Taste out;
  out.songs = songs.size();
  out.whole = shrunk(songs.all(), catalogue, {kMeanSongs, kVarianceSongs}, dimensions);
  for (const auto& [id, moments] : songs.by_mode()) {
    // The only mode is the whole taste; shrinking it towards itself would count songs twice.
    Gaussian normal = songs.by_mode().size() == 1
                          ? out.whole
                          : shrunk(moments, out.whole, {kModeSongs, kVarianceSongs}, dimensions);
    widen(normal, catalogue, dimensions, width);
    out.modes.push_back({id, exact_log(moments.songs() / total), normal, 0});
    for (std::size_t d = 0; d < dimensions; ++d)
      out.modes.back().log_scale -= exact_log(kTwoPi * normal.variance[d]) / 2;
  }
  for (const TasteSongs::Group& g : songs.groups())
    if (g.moments.weight > 0)
      out.kernels.push_back({g.speaker, mean_of(g.moments), exact_log(g.moments.songs() / total)});
  return out;
}

std::size_t likeliest_mode(const Taste& taste, const Vector& vector, std::size_t dimensions) {
  GROOVE_CHECK(!taste.modes.empty());
  if (taste.modes.size() == 1) return 0;
  std::size_t out = 0;
  double best = 0;
  for (std::size_t m = 0; m < taste.modes.size(); ++m) {
    const Taste::Mode& mode = taste.modes[m];
    double likelihood = mode.log_share + mode.log_scale;
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double away = static_cast<double>(vector[d]) / kVectorScale - mode.normal.mean[d];
      likelihood -= away * away / (2 * mode.normal.variance[d]);
    }
    if (m > 0 && likelihood <= best) continue;
    best = likelihood;
    out = m;
  }
  return out;
}

double log_normal(std::int16_t x, double mean, double variance) {
  const double away = static_cast<double>(x) / kVectorScale - mean;
  return -(away * away / variance + exact_log(kTwoPi * variance)) / 2;
}

}  // namespace groove::scorer
