// k-means++ for series (Arthur & Vassilvitskii, SODA 2007), with any cost for the squared distance:
// the first start uniformly, each further one with a probability proportional to its cost to the
// nearest chosen. Several starts share their work: the costs to a series that was chosen before are
// kept, up to a bound.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "clusterer/core/assignment.h"
#include "clusterer/core/random.h"

namespace groove::clusterer {

class Seeding {
 public:
  // `set` outlives this.
  Seeding(const SeriesSet& set, const Measure& measure, unsigned threads);

  // `clusters` different series. When fewer differ than that, copies fill up, lowest index first.
  // Requires: 1 <= clusters <= set.size().
  std::vector<std::uint32_t> draw(std::size_t clusters, Random& random);

 private:
  const std::vector<float>& costs_to(std::uint32_t chosen);

  const SeriesSet& set_;
  Measure measure_;
  unsigned threads_;
  std::map<std::uint32_t, std::vector<float>> known_;
};

}  // namespace groove::clusterer
