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

std::int32_t squared_distance(const Vector& a, const Vector& b) {
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const std::int32_t away = a[d] - b[d];
    sum += away * away;
  }
  return sum;
}

// The group of each song, kKernelsMax of them at most. Each group's first song is the one farthest
// from all first songs before it (Gonzalez 1985), so no song is far from its group's. The order of
// `songs` decides ties; it must be theirs.
std::vector<std::size_t> groups_of(std::span<const TasteSong> songs) {
  std::vector<std::size_t> group(songs.size());
  if (songs.size() <= kKernelsMax) {
    for (std::size_t i = 0; i < group.size(); ++i) group[i] = i;
    return group;
  }
  std::vector<std::int32_t> away(songs.size(), INT32_MAX);
  std::size_t first = 0;
  for (std::size_t g = 0; g < kKernelsMax && away[first] > 0; ++g) {
    const Vector at = songs[first].vector;
    for (std::size_t i = 0; i < songs.size(); ++i) {
      const std::int32_t squared = squared_distance(songs[i].vector, at);
      if (squared >= away[i]) continue;
      away[i] = squared;
      group[i] = g;
    }
    first = static_cast<std::size_t>(std::ranges::max_element(away) - away.begin());
  }
  return group;
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

// Requires: `songs` ascending.
std::vector<Taste::Kernel> kernels_of(std::span<const TasteSong> songs, double total) {
  struct Group {
    Song first = 0;
    Moments moments;
  };
  std::map<std::size_t, Group> groups;
  const std::vector<std::size_t> group = groups_of(songs);
  for (std::size_t i = 0; i < songs.size(); ++i) {
    Group& g = groups[group[i]];
    if (g.moments.weight == 0) g.first = songs[i].song;
    g.moments.add(songs[i]);
  }
  std::vector<Taste::Kernel> out;
  for (const auto& [number, g] : groups)
    out.push_back({g.first, mean_of(g.moments), exact_log(g.moments.songs() / total)});
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
  std::vector<TasteSong> sorted(songs.begin(), songs.end());
  std::ranges::sort(sorted, {}, &TasteSong::song);
  out.kernels = kernels_of(sorted, all.songs());
  for (const TasteSong& song : sorted) out.songs.push_back({song.song, song.vector});
  return out;
}

std::size_t likeliest_mode(const Taste& taste, const Vector& vector, std::size_t dimensions) {
  GROOVE_CHECK(!taste.modes.empty());
  if (taste.modes.size() == 1) return 0;
  std::size_t out = 0;
  double best = 0;
  for (std::size_t m = 0; m < taste.modes.size(); ++m) {
    const Taste::Mode& mode = taste.modes[m];
    double likelihood = mode.log_share;
    for (std::size_t d = 0; d < dimensions; ++d)
      likelihood += log_normal(vector[d], mode.normal.mean[d], mode.normal.variance[d]);
    if (m > 0 && likelihood <= best) continue;
    best = likelihood;
    out = m;
  }
  return out;
}

void join_modes(std::span<TasteSong> songs, const Taste& taste, std::size_t dimensions) {
  for (TasteSong& song : songs)
    song.mode = taste.modes[likeliest_mode(taste, song.vector, dimensions)].id;
}

double log_normal(std::int16_t x, double mean, double variance) {
  const double away = static_cast<double>(x) / kVectorScale - mean;
  return -(away * away / variance + exact_log(kTwoPi * variance)) / 2;
}

}  // namespace groove::scorer
