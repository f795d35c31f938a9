// Clusters that were found on some songs, by something else than their vectors (their series),
// carried over to the vectors of all: a barycenter is the mean of the vectors of the songs that
// were clustered, and a song that was not goes to the nearest of these.
//
// A song that was clustered stays where it is, whichever barycenter of vectors is nearest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "clusterer/core/kmeans.h"

namespace groove::clusterer {

// Song songs[i] is in cluster labels[i]. Of the result, the number of iterations and whether they
// converged are not set. Requires: songs ascend, as many as labels, < vectors.size(); labels <
// clusters, 1 <= clusters <= limits::kClustersMax.
Clustering carry_over(std::span<const Vector> vectors, std::span<const std::uint32_t> songs,
                      std::span<const std::uint32_t> labels, std::size_t clusters);

}  // namespace groove::clusterer
