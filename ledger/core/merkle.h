// The Merkle tree of RFC 6962 / RFC 9162 §2.1 over leaf hashes: its root, and the proofs that a
// leaf is in it and that it only ever grew.
//
//   MTH({}) = SHA-256("")   MTH({d}) = leaf hash of d
//   MTH(D[n]) = node(MTH(D[0:k]), MTH(D[k:n])), k the largest power of two below n
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/ids.h"

namespace groove::ledger {

// The right edge of a growing tree: the roots of its perfect subtrees, largest first. Appending
// costs one node hash on average, the root log2(size).
class RightEdge {
 public:
  void append(const Digest& leaf);
  Digest root() const;
  std::uint64_t size() const { return size_; }

 private:
  std::vector<Digest> peaks_;
  std::uint64_t size_ = 0;
};

// O(leaves).
Digest merkle_root(std::span<const Digest> leaves);

// The siblings from the leaf up; the root's child last. Requires: index < leaves.size().
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index);
// RFC 9162 §2.1.3.2.
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root);

// That the first `old_size` leaves are the tree of that size. Requires: 0 < old_size <=
// leaves.size(). Empty when the sizes are equal.
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size);
// RFC 9162 §2.1.4.2, and equal sizes by comparing the roots. False for old_size 0: every tree grew
// from the empty one, so there is nothing to prove.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof);

}  // namespace groove::ledger
