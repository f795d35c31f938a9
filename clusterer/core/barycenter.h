// Barycenters under DTW by averaging (Petitjean, Ketterlin & Gançarski, "A global averaging method
// for dynamic time warping", Pattern Recognition 2011): align each series with the barycenter, then
// move each of its points to the mean of the points aligned with it, and again. The cost never
// rises: the mean is best for the alignment, the next alignment is best for the mean.
//
// It is over when no alignment changed, for then the same sums give the same means: a hash of all
// paths tells. That hash outlives a step of k-means: a cluster with the same members whose
// alignments are what they were is not averaged again.
//
// At up to kExactDims dimensions all of it is in doubles, also the barycenter from round to round:
// there many paths cost nearly the same, and a rounded digit that decides for another one sends
// averaging to another end. At more, sums are taken in floats over sixteen series, in doubles over
// parts of those, and then over all, in the members' order, so the threads do not matter.
//
// Clusters do not wait for one another: each goes through its rounds, and who is free takes the
// next part of any.
#pragma once

#include <cstdint>
#include <vector>

#include "clusterer/core/warp.h"

namespace groove::clusterer {

inline constexpr std::size_t kExactDims = 8;

class Averaging {
 public:
  struct Outcome {
    std::vector<bool> settled;  // for each cluster: no alignment changed
    // For each cluster: settled, and `costs` are of the barycenter it has.
    std::vector<bool> known;
    std::vector<float> costs;  // of each series, at the last alignment of its cluster
    std::uint64_t passes = 0;  // clusters aligned, in all
  };

  // `set` outlives this.
  Averaging(const SeriesSet& set, Band band, unsigned threads);

  // Averages each cluster's members `rounds` times at most, in place. A cluster without members
  // stays. Requires: members.size() == barycenters.size(), the same at each call.
  Outcome average(std::vector<Series>& barycenters,
                  const std::vector<std::vector<std::uint32_t>>& members, unsigned rounds);

 private:
  struct Part {  // a task: some members of one cluster
    std::size_t cluster = 0;
    std::span<const std::uint32_t> members;
    std::vector<double> sums;  // rows * dims
    std::vector<std::uint64_t> counts;
    std::uint64_t hash = 0;
  };
  struct Room {
    Warp warp;
    Batch batch;
    std::vector<float> sums;
    std::vector<std::uint32_t> counts;
  };

  class Run;

  void align(Room& room, const Center& center, Part& part, std::vector<float>& costs) const;
  void align_exactly(Room& room, std::span<const std::uint32_t> group, Part& part) const;
  void keep_exact(const std::vector<Series>& barycenters);
  void align_batch(Room& room, const Center& center, std::span<const std::uint32_t> group,
                   Part& part, std::vector<float>& costs) const;
  bool finish(Series& barycenter, std::span<Part> parts, std::size_t cluster);

  const SeriesSet& set_;
  unsigned threads_;
  std::vector<Room> rooms_;
  std::vector<std::vector<std::uint32_t>> members_;  // at the last call
  std::vector<std::uint64_t> hashes_;                // of all paths of a cluster
  bool exact_;
  std::vector<std::vector<double>> centers_;  // when exact: what the barycenters are rounded from
};

}  // namespace groove::clusterer
