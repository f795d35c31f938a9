// The two hashes of a Merkle tree (RFC 6962 §2.1, RFC 9162 §2.1.1). The prefix byte keeps a leaf
// from ever passing as a node.
#pragma once

#include <string_view>

#include "workers/base/ids.h"

namespace groove::ledger {

Digest leaf_hash(std::string_view leaf);                    // SHA-256(00 || leaf)
Digest node_hash(const Digest& left, const Digest& right);  // SHA-256(01 || left || right)
Digest empty_root();                                        // SHA-256(""), not 32 zero bytes

}  // namespace groove::ledger
