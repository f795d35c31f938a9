#include "scorer/core/taste.h"

#include <algorithm>
#include <map>

#include "workers/base/check.h"
#include "workers/base/exact_math.h"

namespace groove::scorer {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;

// Weighted sums in integers: 4,000 songs of weight 1,000 and squares below 2^24 stay under 2^46.
struct Moments {
  std::int64_t weight = 0;
  std::array<std::int64_t, limits::kFeatureDims> sum{}, squares{};

  void add(const TasteSong& song) {
    weight += song.weight;
    for (std::size_t d = 0; d < sum.size(); ++d) {
      const std::int64_t x = song.vector[d];
      sum[d] += song.weight * x;
      squares[d] += song.weight * x * x;
    }
  }
  double songs() const { return static_cast<double>(weight) / kFullWeight; }
};

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

std::vector<Taste::Kernel> kernels_of(std::span<const TasteSong> songs, double total) {
  std::vector<Taste::Kernel> out;
  for (const TasteSong& s : songs)
    out.push_back({s.song, s.vector, exact_log(s.weight / (kFullWeight * total))});
  std::ranges::sort(out, {}, &Taste::Kernel::song);
  return out;
}

}  // namespace

Taste make_taste(std::span<const TasteSong> songs, const Gaussian& catalogue,
                 std::size_t dimensions, double width) {
  GROOVE_CHECK(!songs.empty() && dimensions >= 1);
  Moments all;
  std::map<std::uint32_t, Moments> by_mode;
  for (const TasteSong& song : songs) {
    GROOVE_CHECK(song.weight >= 1 && song.weight <= kFullWeight);
    all.add(song);
    by_mode[song.mode].add(song);
  }
  Taste out;
  out.whole = shrunk(all, catalogue, {kMeanSongs, kVarianceSongs}, dimensions);
  for (const auto& [id, moments] : by_mode) {
    // The only mode is the whole taste; shrinking it towards itself would count songs twice.
    Gaussian normal = by_mode.size() == 1
                          ? out.whole
                          : shrunk(moments, out.whole, {kModeSongs, kVarianceSongs}, dimensions);
    widen(normal, catalogue, dimensions, width);
    out.modes.push_back({id, exact_log(moments.songs() / all.songs()), normal});
  }
  out.kernels = kernels_of(songs, all.songs());
  return out;
}

void join_modes(std::span<TasteSong> songs, const Taste& taste, std::size_t dimensions) {
  for (TasteSong& song : songs) {
    double best = 0;
    bool found = false;
    for (const Taste::Mode& mode : taste.modes) {
      double likelihood = mode.log_share;
      for (std::size_t d = 0; d < dimensions; ++d)
        likelihood += log_normal(song.vector[d], mode.normal.mean[d], mode.normal.variance[d]);
      if (found && likelihood <= best) continue;
      best = likelihood;
      song.mode = mode.id;
      found = true;
    }
  }
}

double log_normal(std::int16_t x, double mean, double variance) {
  const double away = static_cast<double>(x) / kVectorScale - mean;
  return -(away * away / variance + exact_log(kTwoPi * variance)) / 2;
}

}  // namespace groove::scorer
