// Which barycenter each series is nearest to, kept from step to step of k-means.
//
// With DTW, a lower bound of every distance is kept, lowered by what its barycenter moved
// (drift.h); only barycenters whose bound is not above the distance to the series' own are looked
// at. Where most of sixteen series need one they go through the kernel together; what is left is
// gathered, barycenter by barycenter, into full batches. Both give what looking at all would give:
// a bound takes in what rounding can do, so it never changes a label.
//
// Memory: 4 bytes a series and barycenter, and what a thread needs for one batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "clusterer/core/drift.h"
#include "clusterer/core/warp.h"

namespace groove::clusterer {

enum class Metric { kDtw, kSoftDtw, kEuclidean };

// What makes a cost of a series and a barycenter.
struct Measure {
  Metric metric = Metric::kDtw;
  Band band;
  double gamma = 1;  // of soft-DTW

  float scale() const { return metric == Metric::kSoftDtw ? soft_scale(gamma) : 1; }
  // A kernel's cost on the series' own scale.
  float unscaled(float cost) const;
  // The kernel's costs.
  std::array<float, kLanes> costs(Warp& warp, const Batch& batch, const Center& center) const;
};

class Assignment {
 public:
  struct Work {
    std::uint64_t pairs = 0, looked_at = 0;  // series times barycenters, and those walked
  };

  // `set` outlives this. `bounds` false: every pair is looked at, for tests and comparison.
  Assignment(const SeriesSet& set, const Measure& measure, unsigned threads, bool bounds = true);

  // Every series to its nearest barycenter, ties to the lower index. Returns how many moved.
  // Requires: the same number of barycenters at each call.
  std::size_t assign(const std::vector<Series>& barycenters);

  // Costs that are known of the barycenters the next assign() is given: for each c with known[c],
  // costs[x] is that of each series x labelled c.
  void know(std::vector<bool> known, std::vector<float> costs);

  // Gives a series to another barycenter, at a cost of 0: the barycenter is the series.
  void give(std::uint32_t series, std::uint32_t cluster);

  const std::vector<std::uint32_t>& labels() const { return labels_; }
  const std::vector<float>& costs() const { return costs_; }  // to the own barycenter
  // The series of each cluster, by steps, then index.
  std::vector<std::vector<std::uint32_t>> members() const;
  const Work& work() const { return work_; }

 private:
  struct Open {  // a pair to be looked at
    std::uint32_t series = 0;
    std::optional<float> cost;  // none: not nearest, that much is known
  };
  struct Room {
    Warp warp;
    Batch batch;
    std::vector<std::vector<Open>> open;  // for each barycenter
    std::uint64_t looked_at = 0;
  };

  void prepare(const std::vector<Series>& barycenters);
  void lower_bounds(const std::vector<Series>& barycenters);
  void guess();
  void cost_own();
  void look_around();
  void look(Room& room, std::span<const std::uint32_t> group);
  void look_at_open();
  bool needs(std::uint32_t series, std::size_t cluster) const;
  std::optional<std::array<float, kLanes>> walk(Room& room, std::span<const std::uint32_t> group,
                                                std::size_t cluster);
  void learn_bound(std::uint32_t series, std::size_t cluster, float cost);
  void learn(std::uint32_t series, std::size_t cluster, float cost);
  float& bound(std::uint32_t series, std::size_t cluster) {
    return bounds_[series * centers_.size() + cluster];
  }

  const SeriesSet& set_;
  Measure measure_;
  unsigned threads_;
  bool use_bounds_;
  double unit_, square_scale_;  // of the kernels' costs: one of them on the series' scale; inverse
  std::vector<Series> before_;
  std::vector<Center> centers_;
  std::vector<bool> moved_, known_;
  std::vector<std::uint32_t> order_;  // the series by length
  std::vector<std::uint32_t> labels_, best_;
  std::vector<float> costs_, best_costs_, bounds_;
  std::vector<Room> rooms_;
  Work work_;
};

}  // namespace groove::clusterer
