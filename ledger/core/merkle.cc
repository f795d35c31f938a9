#include "ledger/core/merkle.h"

#include <bit>

#include "ledger/core/hash.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

// Requires: size > 1.
std::uint64_t split(std::uint64_t size) { return std::bit_floor(size - 1); }

// SUBPROOF of RFC 9162 §2.1.4.1. `whole`: this subtree is one whose root the verifier knows.
void consistency_subproof(std::span<const Digest> leaves, std::uint64_t old_size, bool whole,
                          std::vector<Digest>& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(merkle_root(leaves));
    return;
  }
  const std::uint64_t k = split(leaves.size());
  if (old_size <= k) {
    consistency_subproof(leaves.first(k), old_size, whole, proof);
    proof.push_back(merkle_root(leaves.subspan(k)));
  } else {
    consistency_subproof(leaves.subspan(k), old_size - k, false, proof);
    proof.push_back(merkle_root(leaves.first(k)));
  }
}

}  // namespace

void RightEdge::append(const Digest& leaf) {
  Digest hash = leaf;
  for (std::uint64_t bits = size_; bits & 1; bits >>= 1) {
    hash = node_hash(peaks_.back(), hash);
    peaks_.pop_back();
  }
  peaks_.push_back(hash);
  ++size_;
}

Digest RightEdge::root() const {
  if (peaks_.empty()) return empty_root();
  Digest hash = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) hash = node_hash(peaks_[i], hash);
  return hash;
}

Digest merkle_root(std::span<const Digest> leaves) {
  RightEdge edge;
  for (const Digest& leaf : leaves) edge.append(leaf);
  return edge.root();
}

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::uint64_t index) {
  GROOVE_CHECK(index < leaves.size());
  if (leaves.size() == 1) return {};
  const std::uint64_t k = split(leaves.size());
  const bool left = index < k;
  auto proof = left ? inclusion_proof(leaves.first(k), index)
                    : inclusion_proof(leaves.subspan(k), index - k);
  proof.push_back(merkle_root(left ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index, last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) == 0 && node != last) {
      hash = node_hash(hash, sibling);
    } else {
      hash = node_hash(sibling, hash);
      // A right-edge node without a sibling on these levels moves up as it is.
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    }
    node >>= 1, last >>= 1;
  }
  return last == 0 && hash == root;
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::uint64_t old_size) {
  GROOVE_CHECK(old_size > 0 && old_size <= leaves.size());
  std::vector<Digest> proof;
  consistency_subproof(leaves, old_size, true, proof);
  return proof;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  std::vector<Digest> path(proof.begin(), proof.end());
  if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
  if (path.empty()) return false;

  std::uint64_t node = old_size - 1, last = new_size - 1;
  while (node & 1) node >>= 1, last >>= 1;
  Digest old_hash = path.front(), new_hash = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if ((node & 1) == 1 || node == last) {
      old_hash = node_hash(path[i], old_hash);
      new_hash = node_hash(path[i], new_hash);
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    } else {
      new_hash = node_hash(new_hash, path[i]);
    }
    node >>= 1, last >>= 1;
  }
  return last == 0 && old_hash == old_root && new_hash == new_root;
}

}  // namespace groove::ledger
