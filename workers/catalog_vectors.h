// The optional section of a catalogue with each song's compact vector `sound-v1`: what our own
// analysis of the audio says about which songs sound alike. A song has one or none; all have the
// same number of dimensions.
//
// The values are 16-bit integers as the analyser gave them; how much a dimension counts is the
// reader's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "workers/base/result.h"

namespace groove {

class CatalogVectors {
 public:
  CatalogVectors() = default;  // of a catalogue without any
  // Views `section`, which is checked whole. Errors: kCorrupt. Requires: 4-byte alignment.
  static Result<CatalogVectors> read(std::string_view section, std::size_t songs);

  std::size_t dims() const { return dims_; }  // 0: no song has a vector
  // dims() values, or none. Requires: song < songs.
  std::span<const std::int16_t> operator[](std::size_t song) const;

 private:
  std::size_t dims_ = 0;
  const std::uint32_t* rows_ = nullptr;  // of each song
  const std::int16_t* values_ = nullptr;
};

}  // namespace groove
