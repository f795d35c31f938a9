#include "ledger/core/hash.h"

#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

Sha256& hasher() {
  thread_local Sha256 sha;
  return sha;
}

}  // namespace

Digest leaf_hash(std::string_view leaf) {
  return hasher().update(std::string_view("\x00", 1)).update(leaf).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  return hasher().update("\x01").update(as_bytes(left)).update(as_bytes(right)).finish();
}

Digest empty_root() { return sha256(""); }

}  // namespace groove::ledger
