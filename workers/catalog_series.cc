#include "workers/catalog_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workers/base/bytes.h"
#include "workers/base/limits.h"

namespace groove {
namespace {

constexpr std::size_t kCountBytes = 8;  // dimensions, zero

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(Errc::kCorrupt, fmt::format("not a whole catalogue: {}", what));
}

}  // namespace

Result<CatalogSeries> CatalogSeries::read(std::string_view section, std::size_t songs) {
  const std::size_t head = kCountBytes + sizeof(std::uint64_t) * (songs + 1);
  if (section.size() < head) return corrupt("its series are cut short");
  CatalogSeries out;
  out.dims_ = read_le<std::uint32_t>(section, 0);
  out.starts_ = reinterpret_cast<const std::uint64_t*>(section.data() + kCountBytes);
  out.values_ = reinterpret_cast<const float*>(section.data() + head);
  const std::size_t bytes = section.size() - head;
  if (bytes % sizeof(float) != 0) return corrupt("the size of its series");
  if (const Status good = out.check(songs, bytes / sizeof(float)); !good)
    return std::unexpected(good.error());
  return out;
}

Status CatalogSeries::check(std::size_t songs, std::size_t floats) const {
  if (dims_ == 0 || dims_ > limits::kSeriesDimsMax)
    return corrupt("its series' count of dimensions");
  if (starts_[0] != 0) return corrupt("its series do not begin at their begin");
  for (std::size_t song = 0; song < songs; ++song) {
    if (starts_[song + 1] < starts_[song] ||
        starts_[song + 1] - starts_[song] > limits::kSeriesStepsMax)
      return corrupt("the length of a series");
  }
  // Not by a product, which a forged count could make overflow.
  if (floats % dims_ != 0 || floats / dims_ != starts_[songs] || floats == 0)
    return corrupt("the size of its series");
  if (!std::all_of(values_, values_ + floats, [](float value) { return std::isfinite(value); }))
    return corrupt("a value of a series is not a number");
  return {};
}

std::span<const float> CatalogSeries::operator[](std::size_t song) const {
  if (dims_ == 0) return {};
  return {values_ + starts_[song] * dims_, (starts_[song + 1] - starts_[song]) * dims_};
}

}  // namespace groove
