// A map of the songs: the plane through the vectors in which the clusters are easiest to tell
// apart.
//
// Two planes are tried: the first two principal components (Pearson 1901), which spread the songs
// most, and Fisher's discriminants (Fisher 1936, Rao 1948), which spread the barycenters most
// against the spread within clusters. Separation is the share of songs whose nearest barycenter on
// the plane is that of their own cluster; the plane with more is taken, PCA on a tie.
//
// Scatter is summed in integers; the eigenvectors come from Eigen, compiled without vectorising
// (clusterer/CMakeLists.txt) so the order of every sum is fixed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

enum class Plane { kPca, kLda };

// How a plane is laid in the space and then on the map's 16-bit square: each axis runs from the
// songs' 0.1 to their 99.9 percentile, songs beyond lie on the edge, and a margin of a twentieth is
// left free all round.
struct Projection {
  Plane plane = Plane::kPca;
  double pca_separation = 0, lda_separation = 0;  // shares, 0 .. 1
  std::array<std::array<double, limits::kFeatureDims>, 2> axes{};
  std::array<double, 2> low{}, high{};

  // Where a vector lies on the map.
  std::array<std::uint16_t, 2> place(const Vector& vector) const;
};

// Signs are fixed: the coefficient of an axis that is largest in size (ties: the first) is
// positive. O(songs * (dims^2 + clusters)).
// Requires: labels.size() == vectors.size() > 0, each label < barycenters.size().
Projection make_projection(std::span<const Vector> vectors, std::span<const std::uint16_t> labels,
                           std::span<const Vector> barycenters, unsigned threads = 0);

}  // namespace groove::clusterer
