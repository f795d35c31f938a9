#include "ledger/core/tiled_tree.h"

#include <bit>
#include <utility>

#include "ledger/core/hash.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

// Requires: count > 1.
std::uint64_t split(std::uint64_t count) { return std::bit_floor(count - 1); }

// Appends to the proof what was found, or passes its error on.
Status push(std::vector<Digest>& proof, const Result<Digest>& hash) {
  if (!hash) return std::unexpected(hash.error());
  proof.push_back(*hash);
  return {};
}

}  // namespace

Result<std::vector<Digest>*> TiledTree::tile(int level, std::uint64_t index) {
  const auto known = tiles_.find({level, index});
  if (known != tiles_.end()) return &known->second;
  const auto tile = tile_in(level, index, size_);
  GROOVE_CHECK(tile);
  const auto bytes = read_(*tile);
  if (!bytes) return std::unexpected(bytes.error());
  auto hashes = decode_hashes(*bytes, tile->width);
  if (!hashes) return fail(hashes.error().code, path_of(*tile) + ": " + hashes.error().message);
  return &tiles_.emplace(std::pair(level, index), std::move(*hashes)).first->second;
}

Result<Digest> TiledTree::node(int bits, std::uint64_t index) {
  const int level = bits / 8, above = bits % 8;
  const std::uint64_t first = index << above;
  const auto hashes = tile(level, first / kTileWidth);
  if (!hashes) return std::unexpected(hashes.error());
  const std::size_t at = first % kTileWidth, count = std::size_t{1} << above;
  GROOVE_CHECK(at + count <= (*hashes)->size());
  std::vector<Digest> row((*hashes)->begin() + static_cast<std::ptrdiff_t>(at),
                          (*hashes)->begin() + static_cast<std::ptrdiff_t>(at + count));
  for (; row.size() > 1; row.resize(row.size() / 2))
    for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  return row[0];
}

// Requires: begin is where RFC 6962 splits may begin, so that the range's left part is perfect.
Result<Digest> TiledTree::range(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t count = end - begin;
  if (std::has_single_bit(count)) return node(std::countr_zero(count), begin / count);
  const std::uint64_t middle = begin + split(count);
  const auto left = range(begin, middle);
  if (!left) return left;
  const auto right = range(middle, end);
  if (!right) return right;
  return node_hash(*left, *right);
}

Result<Digest> TiledTree::root_at(std::uint64_t size) {
  GROOVE_CHECK(size <= size_);
  if (size == 0) return empty_root();
  return range(0, size);
}

Result<std::vector<Digest>> TiledTree::inclusion(std::uint64_t index, std::uint64_t size) {
  GROOVE_CHECK(index < size && size <= size_);
  std::vector<Digest> proof;
  if (auto ok = inclusion(index, 0, size, proof); !ok) return std::unexpected(ok.error());
  return proof;
}

Status TiledTree::inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                            std::vector<Digest>& proof) {
  if (end - begin == 1) return {};
  const std::uint64_t middle = begin + split(end - begin);
  const bool left = index < middle;
  if (auto ok =
          left ? inclusion(index, begin, middle, proof) : inclusion(index, middle, end, proof);
      !ok)
    return ok;
  return push(proof, left ? range(middle, end) : range(begin, middle));
}

Result<std::vector<Digest>> TiledTree::consistency(std::uint64_t old_size, std::uint64_t size) {
  GROOVE_CHECK(old_size > 0 && old_size <= size && size <= size_);
  std::vector<Digest> proof;
  if (auto ok = consistency(old_size, 0, size, true, proof); !ok)
    return std::unexpected(ok.error());
  return proof;
}

Status TiledTree::consistency(std::uint64_t old_end, std::uint64_t begin, std::uint64_t end,
                              bool whole, std::vector<Digest>& proof) {
  if (old_end == end) return whole ? Status{} : push(proof, range(begin, end));
  const std::uint64_t middle = begin + split(end - begin);
  if (old_end <= middle) {
    if (auto ok = consistency(old_end, begin, middle, whole, proof); !ok) return ok;
    return push(proof, range(middle, end));
  }
  if (auto ok = consistency(old_end, middle, end, false, proof); !ok) return ok;
  return push(proof, range(begin, middle));
}

}  // namespace groove::ledger
