// NumPy's .npy files (NEP 1): versions 1.0 to 3.0, numbers of any size, little- or big-endian, C or
// Fortran order. Bytes in, values out; damaged or hostile bytes are refused, never read beyond.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clusterer/core/series.h"
#include "workers/base/result.h"

namespace groove::clusterer {

// A view of the file's bytes, which outlive it.
class NpyArray {
 public:
  const std::vector<std::size_t>& shape() const { return shape_; }
  std::size_t size() const { return size_; }
  // In C order; a double holds every float, and whole numbers to 2^53. Requires: position < size().
  double operator[](std::size_t position) const;

 private:
  friend Result<NpyArray> read_npy(std::string_view bytes);
  using Reader = double (*)(const char*, bool swap);

  std::vector<std::size_t> shape_;
  std::size_t size_ = 0, width_ = 0;
  bool fortran_ = false, swap_ = false;
  Reader reader_ = nullptr;
  std::string_view values_;
};

// Errors: kInvalid (not .npy; cut short; a type that is not numbers; a shape that does not fit).
Result<NpyArray> read_npy(std::string_view bytes);

// Series of an array (N, T, D), or (N, T) of one dimension: each ends where only NaN follows, as
// tslearn pads. Errors: kInvalid (another shape; a series that is NaN throughout; NaN before the
// end, or in some dimensions only; infinite).
Result<std::vector<Series>> series_of(const NpyArray& array);

// The other way: float32 (N, longest, D), NaN after the end of a shorter one.
std::string npy_of(std::span<const Series> series);
// int64 (N,).
std::string npy_of(std::span<const std::uint32_t> labels);

}  // namespace groove::clusterer
