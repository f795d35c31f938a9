// How common a sound is in the catalogue: the background that a taste's density is divided by.
//
// Over what, exactly. x = vector / kVectorScale, the first D dimensions, D = the number of features
// of the space (12 for spotify-v1, key and mode included; padding is not). The density is
//
//   p(x) = sum over clusters k of w_k * product over d < D of Normal(x_d; m_kd, s2_kd)
//
// with every normal's full factor 1 / sqrt(2 pi s2), natural logarithm, in units of one standard
// deviation. A taste's density over the same D dimensions with the same factors can be compared
// with it; with fewer dimensions or without the factors it cannot.
//
//   w_k   = songs of k / all songs
//   m_kd  = mean of k's songs in d
//   s2_kd = (sum of squares round m_kd + kShrinkSongs * S2_d) / (songs of k + kShrinkSongs), at
//           least kVarianceMin; S2_d is the variance of all songs in d.
//
// Shrinking towards the catalogue keeps a cluster of few songs from claiming to know its shape; the
// floor keeps a feature that is constant within a cluster (its mode, say) from outweighing all
// else. Sums are integers; exp and log are the exact ones; clusters are added in order. The result
// is the same bits everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

inline constexpr double kShrinkSongs = 50;
inline constexpr double kVarianceMin = 1.0 / 16;  // a quarter of a standard deviation, squared
inline constexpr int kLogDensityScale = 65536;    // steps a nat

class Background {
 public:
  // Requires: labels.size() == vectors.size() > 0, labels < clusters, 1 <= dimensions <=
  // limits::kFeatureDims. O(songs * dimensions).
  Background(std::span<const Vector> vectors, std::span<const std::uint16_t> labels,
             std::size_t clusters, std::size_t dimensions);

  // The natural logarithm of p. O(clusters * dimensions).
  double log_density(const Vector& vector) const;
  // The same for each, in 1/kLogDensityScale nat, rounded to nearest.
  std::vector<std::int32_t> log_densities(std::span<const Vector> vectors,
                                          unsigned threads = 0) const;

 private:
  struct Component {
    double log_factor = 0;  // log(w / sqrt((2 pi)^D * product of s2))
    std::array<double, limits::kFeatureDims> mean{}, half_precision{};  // 1 / (2 s2)
  };
  std::vector<Component> components_;  // of the clusters that have songs
  std::size_t dimensions_;
};

}  // namespace groove::clusterer
