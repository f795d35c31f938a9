// k-means on the model's vectors: k-means++ seeding (Arthur & Vassilvitskii, "k-means++: the
// advantages of careful seeding", SODA 2007) and Lloyd's algorithm ("Least squares quantization in
// PCM", 1982), all in integers, so the result is the same bits for any number of threads, any SIMD
// width and any machine.
//
// Barycenters are whole vectors too: the mean, each dimension rounded to the nearest integer (half
// up). Among all integer points that is the one with the least total squared distance, so the
// inertia of a step never exceeds that of the step before, exactly; and since ties in assignment go
// to the lower index, no state comes back and the loop ends by itself.
//
// Time O(songs * clusters) a step. Memory about 6 bytes a song beside the vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

// After each step: the step's number from 1, its inertia, how many songs changed cluster.
using OnStep = std::function<void(unsigned step, double inertia, std::size_t moved)>;

struct KmeansOptions {
  unsigned iterations_max = 300;
  unsigned threads = 0;  // 0: as many as the machine has
  OnStep on_step;
  std::stop_token stop;  // asked between steps; a stopped clustering is whole but not converged
};

struct Clustering {
  std::vector<Vector> barycenters;
  std::vector<std::uint16_t> labels;    // one a song: its nearest barycenter, ties to the lower
  std::vector<std::int32_t> distances;  // squared, to that barycenter
  std::vector<std::uint64_t> sizes;     // songs a cluster
  std::vector<std::uint64_t> inertias;  // summed squared distance a cluster
  unsigned iterations = 0;
  bool converged = false;  // no song changed cluster in the last step

  double inertia() const;  // mean squared distance, in squared standard deviations
};

// The squared Euclidean distance. Exact for vectors within +-kVectorMax.
std::int32_t squared_distance(const Vector& a, const Vector& b);

// To the nearest integer, half up. Requires: count > 0.
std::int16_t rounded_mean(std::int64_t total, std::int64_t count);

// Up to `clusters` songs as a start: the first uniformly, each further one with a probability
// proportional to its squared distance to the nearest chosen. Fewer when fewer vectors differ.
// Requires: vectors not empty, 1 <= clusters <= limits::kClustersMax.
std::vector<Vector> seed_barycenters(std::span<const Vector> vectors, std::size_t clusters,
                                     std::uint64_t seed);

// Lloyd's steps from a start until no song changes cluster or the steps are used up. A cluster that
// loses all its songs gets the song farthest from its barycenter (ties: the lower index) among
// those not alone in theirs; it stays empty only when no such song is away from its barycenter,
// which needs fewer different vectors than clusters: seed_barycenters never starts so.
// Requires: vectors not empty, 1 <= start.size() <= limits::kClustersMax, values within
// +-kVectorMax.
Clustering lloyd(std::span<const Vector> vectors, std::vector<Vector> start,
                 const KmeansOptions& options = {});

// Both. Requires: as they do.
Clustering kmeans(std::span<const Vector> vectors, std::size_t clusters, std::uint64_t seed,
                  const KmeansOptions& options = {});

}  // namespace groove::clusterer
