// How far a DTW distance can fall when a barycenter moves: Elkan's idea ("Using the triangle
// inequality to accelerate k-means", ICML 2003) for a distance that has no triangle inequality.
//
// Let point i of the barycenter c move by d_i and become c'. Along the best alignment of x with c',
// which is an alignment with c too, Minkowski's inequality gives
//   DTW(x, c') >= sqrt(sum |x_j - c_i|^2) - sqrt(sum d_i^2) >= DTW(x, c) - sqrt(sum d_i^2),
// the last sum over the alignment's cells. An alignment of m steps with n rows has at most n + m -
// 1 cells and visits each row at least once, so it is at most sum_i d_i^2 + (m - 1) max_i d_i^2. A
// band only makes the alignments fewer.
#pragma once

#include <cstddef>

#include "clusterer/core/warp.h"

namespace groove::clusterer {

class Drift {
 public:
  // Requires: both of the same dims. With unequal steps nothing is known.
  Drift(const SeriesView& before, const SeriesView& after);

  bool known() const { return known_; }
  bool none() const { return known_ && max_ == 0; }  // the same bits
  // What a distance to a series of so many steps can have lost.
  double distance(std::size_t steps) const;

 private:
  bool known_;
  double sum_ = 0, max_ = 0;  // of d_i^2
};

// What rounding in a kernel can do to a cost. Each of the path's additions, and each of the sums
// over dimensions, rounds once; the product form rounds against |x|^2 + |c|^2; and soft-DTW's
// logarithms are good to 4e-7, with values on the way at most 1.6 a cell below the last.
struct Rounding {
  double relative = 0, absolute = 0;

  Rounding(const Center& center, std::size_t steps, double square_max, bool soft = false);
  // The least that a cost can be in truth when this was computed, and the least that can be
  // computed when this is the truth.
  double below(double cost) const;
};

// How far soft-DTW can be below DTW, on the kernels' scale: log2 of how many alignments of n steps
// with m there are. With a = n - 1, b = m - 1, d = sqrt(a^2 + b^2), x = (d - b) / a and
// y = (d - a) / b, steps of weight x, y and x y sum to 1: a walk by those chances ends in (a, b)
// with a chance of at most 1, and each of the alignments has the chance x^a y^b.
double soft_fall_max(std::size_t n, std::size_t m);

}  // namespace groove::clusterer
