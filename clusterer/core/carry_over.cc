#include "clusterer/core/carry_over.h"

#include <array>

#include "clusterer/core/nearest.h"
#include "workers/base/check.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kDims = limits::kFeatureDims;

// A cluster without songs is in the middle of all sound.
std::vector<Vector> means(std::span<const Vector> vectors, std::span<const std::uint32_t> songs,
                          std::span<const std::uint32_t> labels, std::size_t clusters) {
  std::vector<std::array<std::int64_t, kDims>> totals(clusters);
  std::vector<std::int64_t> counts(clusters, 0);
  for (std::size_t i = 0; i < songs.size(); ++i) {
    ++counts[labels[i]];
    for (std::size_t d = 0; d < kDims; ++d) totals[labels[i]][d] += vectors[songs[i]][d];
  }
  std::vector<Vector> out(clusters, Vector{});
  for (std::size_t c = 0; c < clusters; ++c)
    for (std::size_t d = 0; counts[c] > 0 && d < kDims; ++d)
      out[c][d] = rounded_mean(totals[c][d], counts[c]);
  return out;
}

}  // namespace

Clustering carry_over(std::span<const Vector> vectors, std::span<const std::uint32_t> songs,
                      std::span<const std::uint32_t> labels, std::size_t clusters) {
  GROOVE_CHECK(songs.size() == labels.size());
  Clustering out{.barycenters = means(vectors, songs, labels, clusters)};
  const NearestBarycenter nearest(out.barycenters);
  out.sizes.assign(clusters, 0);
  out.inertias.assign(clusters, 0);
  for (std::size_t song = 0, next = 0; song < vectors.size(); ++song) {
    const bool clustered = next < songs.size() && songs[next] == song;
    const std::size_t c = clustered ? labels[next++] : nearest.of(vectors[song]).cluster;
    const std::int32_t distance = squared_distance(vectors[song], out.barycenters[c]);
    out.labels.push_back(static_cast<std::uint16_t>(c));
    out.distances.push_back(distance);
    ++out.sizes[c];
    out.inertias[c] += static_cast<std::uint64_t>(distance);
  }
  return out;
}

}  // namespace groove::clusterer
