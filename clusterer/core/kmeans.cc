#include "clusterer/core/kmeans.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "clusterer/core/nearest.h"
#include "clusterer/core/random.h"
#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kDims = limits::kFeatureDims;
constexpr std::uint16_t kNone = std::numeric_limits<std::uint16_t>::max();
static_assert(limits::kClustersMax < kNone);

// What a barycenter is the mean of. Sums of integers: the order of adding does not matter.
struct Sum {
  std::array<std::int64_t, kDims> total{};
  std::int64_t songs = 0;

  void add(const Vector& vector, int sign) {
    for (std::size_t d = 0; d < kDims; ++d) total[d] += sign * vector[d];
    songs += sign;
  }
  void add(const Sum& other) {
    for (std::size_t d = 0; d < kDims; ++d) total[d] += other.total[d];
    songs += other.songs;
  }
};

class Lloyd {
 public:
  Lloyd(std::span<const Vector> vectors, std::vector<Vector> start, const KmeansOptions& options)
      : vectors_(vectors), options_(options), threads_(thread_count(options.threads)) {
    out_.barycenters = std::move(start);
    out_.labels.assign(vectors.size(), kNone);
    out_.distances.assign(vectors.size(), 0);
    sums_.resize(out_.barycenters.size());
  }

  Clustering run() {
    for (;;) {
      const std::size_t moved = assign() + repair_empty_clusters();
      ++out_.iterations;
      if (options_.on_step) options_.on_step(out_.iterations, out_.inertia(), moved);
      out_.converged = moved == 0;
      if (out_.converged || out_.iterations >= options_.iterations_max ||
          options_.stop.stop_requested())
        break;
      move_barycenters();
    }
    tally();
    return std::move(out_);
  }

 private:
  // Every song to its nearest barycenter; only songs that change touch the sums. Returns how many.
  std::size_t assign() {
    const NearestBarycenter nearest(out_.barycenters);
    std::vector<std::vector<Sum>> change(threads_);
    std::vector<std::size_t> moved(threads_, 0);
    for_each_block(vectors_.size(), threads_,
                   [&](unsigned thread, std::size_t begin, std::size_t end) {
                     change[thread].resize(sums_.size());
                     std::size_t i = begin;
                     for (; i + kLanes <= end; i += kLanes) {
                       const auto found = nearest.of_sixteen(&vectors_[i]);
                       for (std::size_t l = 0; l < kLanes; ++l)
                         moved[thread] += assign_one(found[l], i + l, change[thread]);
                     }
                     for (; i < end; ++i)
                       moved[thread] += assign_one(nearest.of(vectors_[i]), i, change[thread]);
                   });
    for (const auto& of_thread : change)
      for (std::size_t c = 0; c < of_thread.size(); ++c) sums_[c].add(of_thread[c]);
    return std::accumulate(moved.begin(), moved.end(), std::size_t{0});
  }

  bool assign_one(const Nearest& nearest, std::size_t i, std::vector<Sum>& change) {
    const auto [cluster, distance] = nearest;
    const std::uint16_t before = out_.labels[i];
    out_.distances[i] = distance;
    if (cluster == before) return false;
    out_.labels[i] = cluster;
    change[cluster].add(vectors_[i], +1);
    if (before != kNone) change[before].add(vectors_[i], -1);
    return true;
  }

  // Returns how many there were. Each repair lowers the inertia, so the loop still ends.
  std::size_t repair_empty_clusters() {
    std::size_t repaired = 0;
    for (std::size_t c = 0; c < sums_.size(); ++c) {
      if (sums_[c].songs != 0) continue;
      const auto found = farthest_song_not_alone();
      if (!found) break;
      const std::size_t song = *found;
      sums_[out_.labels[song]].add(vectors_[song], -1);
      sums_[c].add(vectors_[song], +1);
      out_.labels[song] = static_cast<std::uint16_t>(c);
      out_.distances[song] = 0;
      out_.barycenters[c] = vectors_[song];
      ++repaired;
    }
    return repaired;
  }

  std::optional<std::size_t> farthest_song_not_alone() const {
    std::optional<std::size_t> farthest;
    std::int32_t distance = 0;
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      if (out_.distances[i] <= distance || sums_[out_.labels[i]].songs < 2) continue;
      farthest = i;
      distance = out_.distances[i];
    }
    return farthest;
  }

  void move_barycenters() {
    for (std::size_t c = 0; c < sums_.size(); ++c) {
      if (sums_[c].songs == 0) continue;
      for (std::size_t d = 0; d < kDims; ++d)
        out_.barycenters[c][d] = rounded_mean(sums_[c].total[d], sums_[c].songs);
    }
  }

  void tally() {
    out_.sizes.assign(sums_.size(), 0);
    out_.inertias.assign(sums_.size(), 0);
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      ++out_.sizes[out_.labels[i]];
      out_.inertias[out_.labels[i]] += static_cast<std::uint64_t>(out_.distances[i]);
    }
  }

  std::span<const Vector> vectors_;
  const KmeansOptions& options_;
  unsigned threads_;
  Clustering out_;
  std::vector<Sum> sums_;
};

// The song whose running total of weights first exceeds `drawn`.
std::size_t song_at(std::span<const std::int32_t> weights, std::uint64_t drawn) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto weight = static_cast<std::uint64_t>(weights[i]);
    if (drawn < weight) return i;
    drawn -= weight;
  }
  GROOVE_CHECK(false && "drawn is below the sum of the weights");
  return 0;
}

}  // namespace

std::int16_t rounded_mean(std::int64_t total, std::int64_t count) {
  const std::int64_t twice = 2 * total + count;
  std::int64_t mean = twice / (2 * count);
  if (twice % (2 * count) < 0) --mean;  // division truncates; the mean is a floor
  return static_cast<std::int16_t>(mean);
}

double Clustering::inertia() const {
  const std::int64_t total = std::accumulate(distances.begin(), distances.end(), std::int64_t{0});
  return static_cast<double>(total) / static_cast<double>(distances.size()) /
         (double{kVectorScale} * kVectorScale);
}

std::int32_t squared_distance(const Vector& a, const Vector& b) {
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < kDims; ++d) {
    const std::int32_t difference = a[d] - b[d];
    sum += difference * difference;
  }
  return sum;
}

std::vector<Vector> seed_barycenters(std::span<const Vector> vectors, std::size_t clusters,
                                     std::uint64_t seed) {
  GROOVE_CHECK(!vectors.empty() && clusters >= 1 && clusters <= limits::kClustersMax);
  Random random(seed);
  std::vector<Vector> chosen = {vectors[random.below(vectors.size())]};
  std::vector<std::int32_t> nearest(vectors.size(), std::numeric_limits<std::int32_t>::max());
  while (chosen.size() < clusters) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      nearest[i] = std::min(nearest[i], squared_distance(vectors[i], chosen.back()));
      total += static_cast<std::uint64_t>(nearest[i]);
    }
    if (total == 0) break;
    chosen.push_back(vectors[song_at(nearest, random.below(total))]);
  }
  return chosen;
}

Clustering lloyd(std::span<const Vector> vectors, std::vector<Vector> start,
                 const KmeansOptions& options) {
  GROOVE_CHECK(!vectors.empty() && !start.empty() && start.size() <= limits::kClustersMax);
  return Lloyd(vectors, std::move(start), options).run();
}

Clustering kmeans(std::span<const Vector> vectors, std::size_t clusters, std::uint64_t seed,
                  const KmeansOptions& options) {
  return lloyd(vectors, seed_barycenters(vectors, clusters, seed), options);
}

}  // namespace groove::clusterer
