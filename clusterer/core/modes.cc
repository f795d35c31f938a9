#include "clusterer/core/modes.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "clusterer/core/kmeans.h"
#include "workers/base/check.h"
#include "workers/base/exact_math.h"

namespace groove::clusterer {
namespace {

constexpr std::uint64_t kSeed = 1;

// The criterion (larger is better) of songs in round Gaussians of one common variance. The variance
// is estimated without bias, from n - m songs a dimension: with few songs in many dimensions the
// likeliest one shrinks with every mode, whether there is a mode or not.
double information(const Clustering& modes, std::size_t dimensions) {
  const auto n = static_cast<double>(modes.labels.size()), d = static_cast<double>(dimensions);
  const auto m = static_cast<double>(modes.barycenters.size());
  const double variance = std::max(modes.inertia() * n / (d * (n - m)), kModeVarianceMin);
  double value = -n * d / 2 * exact_log(variance) - m * (d + 1) * exact_log(n);
  for (const std::uint64_t size : modes.sizes) {
    if (size == 0) continue;
    const auto s = static_cast<double>(size);
    value += s * exact_log(s / n);
  }
  return value;
}

// The mode of each song.
std::vector<std::uint16_t> best_grouping(const std::vector<Vector>& vectors,
                                         std::size_t dimensions) {
  if (vectors.size() < kSongsToSplit) return std::vector<std::uint16_t>(vectors.size(), 0);
  std::vector<std::uint16_t> best;
  double most = 0;
  for (std::size_t count = 1; count <= std::min(kModesMax, vectors.size() / 2); ++count) {
    Clustering modes = kmeans(vectors, count, kSeed, {.iterations_max = 50, .threads = 1});
    if (modes.barycenters.size() < count) break;  // no more different songs
    const double value = information(modes, dimensions);
    if (!best.empty() && value <= most) continue;
    most = value;
    best = std::move(modes.labels);
  }
  return best;
}

struct Share {
  std::size_t songs = 0;
  std::uint64_t weight = 0;
  auto operator<=>(const Share&) const = default;
};

std::uint16_t majority(const Mode& mode, std::span<const LikedVector> songs) {
  std::map<std::uint16_t, Share> shares;
  for (const std::size_t i : mode.songs) {
    Share& share = shares[songs[i].cluster];
    ++share.songs;
    share.weight += songs[i].weight;
  }
  // The first of equals, and the map is in order of cluster.
  return std::ranges::max_element(shares, {}, [](const auto& s) { return s.second; })->first;
}

std::uint64_t weight(const Mode& mode, std::span<const LikedVector> songs) {
  return std::accumulate(mode.songs.begin(), mode.songs.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, std::size_t i) { return sum + songs[i].weight; });
}

}  // namespace

std::vector<Mode> find_modes(std::span<const LikedVector> songs, std::size_t dimensions) {
  GROOVE_CHECK(dimensions >= 1 && dimensions <= limits::kFeatureDims);
  std::vector<Vector> vectors;
  for (const LikedVector& song : songs) vectors.push_back(song.vector);
  const auto labels = best_grouping(vectors, dimensions);

  std::vector<Mode> modes(kModesMax);
  for (std::size_t i = 0; i < labels.size(); ++i) modes[labels[i]].songs.push_back(i);
  std::erase_if(modes, [](const Mode& mode) { return mode.songs.empty(); });
  for (Mode& mode : modes) mode.cluster = majority(mode, songs);
  std::ranges::sort(modes, [&](const Mode& a, const Mode& b) {
    const std::uint64_t heavy_a = weight(a, songs), heavy_b = weight(b, songs);
    return heavy_a != heavy_b ? heavy_a > heavy_b : a.songs.front() < b.songs.front();
  });
  return modes;
}

}  // namespace groove::clusterer
