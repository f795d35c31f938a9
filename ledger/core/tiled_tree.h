// A tree whose hashes are in tiles: roots and proofs from the published files alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/core/tile.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

class TiledTree {
 public:
  // The bytes of a tile; its error is passed on.
  using Read = std::function<Result<std::string>(const Tile&)>;

  // Each tile is read once at most, as it stands in a tree of `size`.
  TiledTree(std::uint64_t size, Read read) : size_(size), read_(std::move(read)) {}

  std::uint64_t size() const { return size_; }
  Result<Digest> root() { return root_at(size_); }
  // Of the tree's first `size` leaves.
  Result<Digest> root_at(std::uint64_t size);
  // As inclusion_proof() and consistency_proof() of merkle.h, in the tree of the first `size`
  // leaves. Requires: index < size <= this->size(); 0 < old_size <= size.
  Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size);
  Result<std::vector<Digest>> consistency(std::uint64_t old_size, std::uint64_t size);

 private:
  Result<Digest> node(int bits, std::uint64_t index);  // the perfect subtree of 2^bits leaves
  Result<Digest> range(std::uint64_t begin, std::uint64_t end);
  Result<std::vector<Digest>*> tile(int level, std::uint64_t index);
  Status inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                   std::vector<Digest>& proof);
  Status consistency(std::uint64_t old_end, std::uint64_t begin, std::uint64_t end, bool whole,
                     std::vector<Digest>& proof);

  std::uint64_t size_;
  Read read_;
  std::map<std::pair<int, std::uint64_t>, std::vector<Digest>> tiles_;
};

}  // namespace groove::ledger
