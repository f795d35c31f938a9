// The optional section of a catalogue with each song's series: how its sound goes on, segment after
// segment. A song has any number of steps, also none; each step has the same number of dimensions.
//
// The values are floats as they lie in the file: clustering works in floats, and whoever measured
// the sound knows its scale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "workers/base/result.h"

namespace groove {

class CatalogSeries {
 public:
  CatalogSeries() = default;  // of a catalogue without any
  // Views `section`, which is checked whole. Errors: kCorrupt. Requires: 8-byte alignment.
  static Result<CatalogSeries> read(std::string_view section, std::size_t songs);

  std::size_t dims() const { return dims_; }  // 0: no song has a series
  // Step after step. Requires: song < songs.
  std::span<const float> operator[](std::size_t song) const;

 private:
  Status check(std::size_t songs, std::size_t floats) const;

  std::size_t dims_ = 0;
  const std::uint64_t* starts_ = nullptr;  // in steps; one more than there are songs
  const float* values_ = nullptr;
};

}  // namespace groove
