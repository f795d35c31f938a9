// How every song of a catalogue sounds, laid out for ranking: one array a dimension, so that
// neighbouring lanes of a vector register hold neighbouring songs and each song is computed by the
// same operations in the same order, whatever the register's width.
//
// 2 bytes a dimension and 4 more a song: 4.6 MB for 165,000 songs of 12 features. Immutable.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::scorer {

// A place in the catalogue's order, which is the order of ids.
using Song = std::uint32_t;

// Songs are computed this many at once.
inline constexpr std::size_t kLanes = 16;

// Independent normals, one a dimension, in units of one standard deviation of the catalogue.
struct Gaussian {
  std::array<double, limits::kFeatureDims> mean{};
  std::array<double, limits::kFeatureDims> variance{};
};

class SoundTable {
 public:
  // `backgrounds` is each song's log density under the catalogue, in 1/65536 nat, over the same
  // `dimensions` first numbers of its vector. Requires: both of one length, not empty;
  // 1 <= dimensions <= limits::kFeatureDims.
  SoundTable(std::span<const Vector> vectors, std::span<const std::int32_t> backgrounds,
             std::size_t dimensions);

  std::size_t size() const { return size_; }
  std::size_t dimensions() const { return dimensions_; }
  // size() numbers, followed by enough zeros that a whole block may be read at any song.
  const std::int16_t* column(std::size_t dimension) const {
    return columns_.data() + dimension * stride_;
  }
  // Nats; padded as the columns are.
  const float* backgrounds() const { return backgrounds_.data(); }
  Vector vector(Song song) const;
  // All songs as one Gaussian: the catalogue at large, as coarse as a taste of few songs is.
  const Gaussian& overall() const { return overall_; }

 private:
  std::size_t size_, dimensions_, stride_;
  std::vector<std::int16_t> columns_;
  std::vector<float> backgrounds_;
  Gaussian overall_;
};

}  // namespace groove::scorer
