// The nearest barycenter of each vector: the inner loop of k-means.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "clusterer/core/kernels.h"
#include "workers/base/vector.h"

namespace groove::clusterer {

struct Nearest {
  std::uint16_t cluster = 0;
  std::int32_t distance = 0;  // squared
};

// Barycenters with what the search needs of them worked out once. |x - c|^2 = |x|^2 + |c|^2 - 2 x.c
// holds exactly in 32-bit integers here (each term is at most 2^29), and x.c is one multiply-add
// instruction for eight 16-bit pairs where the difference needs a subtraction too.
class NearestBarycenter {
 public:
  // Requires: 1 <= barycenters.size() <= limits::kClustersMax; `barycenters` outlives this.
  explicit NearestBarycenter(std::span<const Vector> barycenters);

  Nearest of(const Vector& vector) const;  // ties: the lower index
  // The same of sixteen, across the lanes where the machine has AVX2 or more: four times as fast.
  std::array<Nearest, kLanes> of_sixteen(const Vector* vectors) const;

 private:
  std::span<const Vector> barycenters_;
  std::vector<std::int32_t> squares_;
};

}  // namespace groove::clusterer
