// k-means++ for series (Arthur & Vassilvitskii, SODA 2007), with any cost for the squared distance:
// the first start uniformly, each further one with a probability proportional to its cost to the
// nearest chosen. Several starts share their work: the costs to a series that was chosen before are
// kept, up to a bound.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "clusterer/core/assignment.h"
#include "clusterer/core/random.h"

namespace groove::clusterer {

// The costs of all to the one chosen.
using CostsTo = std::function<std::vector<float>(std::uint32_t chosen)>;

// `clusters` different ones of `count`. When fewer lie apart than that, copies fill up, lowest
// index first. Requires: 1 <= clusters <= count.
std::vector<std::uint32_t> draw_seeds(std::size_t count, std::size_t clusters, Random& random,
                                      const CostsTo& costs_to);

class Seeding {
 public:
  // `set` outlives this.
  Seeding(const SeriesSet& set, const Measure& measure, unsigned threads);

  std::vector<std::uint32_t> draw(std::size_t clusters, Random& random);

 private:
  const std::vector<float>& costs_to(std::uint32_t chosen);
  std::span<const std::uint32_t> group(std::size_t task) const;
  bool keeps_packed() const { return set_.value_count() <= kPackedValuesMax; }

  const SeriesSet& set_;
  Measure measure_;
  unsigned threads_;
  std::vector<std::uint32_t> order_;  // by length, so that little of a batch is padding
  std::vector<Warp> warps_;           // one a thread
  std::vector<Batch> batches_;        // all, packed once; or one a thread where memory forbids
  std::map<std::uint32_t, std::vector<float>> known_;
};

}  // namespace groove::clusterer
