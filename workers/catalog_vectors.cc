#include "workers/catalog_vectors.h"

#include <fmt/format.h>

#include "workers/base/bytes.h"
#include "workers/base/limits.h"
#include "workers/catalog_layout.h"

namespace groove {
namespace {

constexpr std::size_t kCountBytes = 8;  // dimensions, rows

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(Errc::kCorrupt, fmt::format("not a whole catalogue: {}", what));
}

}  // namespace

Result<CatalogVectors> CatalogVectors::read(std::string_view section, std::size_t songs) {
  const std::size_t head = kCountBytes + sizeof(std::uint32_t) * songs;
  if (section.size() < head) return corrupt("its vectors are cut short");
  CatalogVectors out;
  out.dims_ = read_le<std::uint32_t>(section, 0);
  const std::uint64_t rows = read_le<std::uint32_t>(section, 4);
  if (out.dims_ == 0 || out.dims_ > limits::kSoundVectorDimsMax || rows == 0 || rows > songs)
    return corrupt("its vectors' counts");
  if (section.size() - head != sizeof(std::int16_t) * out.dims_ * rows)
    return corrupt("the size of its vectors");
  out.rows_ = reinterpret_cast<const std::uint32_t*>(section.data() + kCountBytes);
  out.values_ = reinterpret_cast<const std::int16_t*>(section.data() + head);
  std::uint64_t next = 0;
  for (std::size_t song = 0; song < songs; ++song) {
    if (out.rows_[song] == catalog_layout::kNoRow) continue;
    if (out.rows_[song] != next++) return corrupt("the order of its vectors");
  }
  if (next != rows) return corrupt("the number of its vectors");
  return out;
}

std::span<const std::int16_t> CatalogVectors::operator[](std::size_t song) const {
  if (dims_ == 0 || rows_[song] == catalog_layout::kNoRow) return {};
  return {values_ + rows_[song] * dims_, dims_};
}

}  // namespace groove
