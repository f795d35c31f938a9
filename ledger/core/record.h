// A leaf of the ledger, version 1: the public bytes of one record, hashed as they are.
//
//   0   4  "GRVL"       4   1  version 1      5   1  kind      6   2  0
//   8   8  index: its place in the tree      16   8  time, Unix microseconds
//   24 32  prev: leaf hash of the record before
//   56 16  entry id: random, the idempotency key; never derived from a listener
//   72  …  body: protobuf of that kind, bytes as first written    integers big-endian
//
// The encoding is one to one: a leaf that decodes encodes to the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

enum class Kind : std::uint8_t {
  kGenesis = 1,  // at index 0 and only there
  kBatch = 2,    // the answer to one event
  kManifest = 3,
  kErasure = 4,
  kKeyChange = 5,
  kShardHead = 6,
  kSeal = 7,  // nothing follows it
};

inline constexpr std::size_t kLeafHeadBytes = 72;
inline constexpr std::size_t kLeafBytesMax = 65'535;  // tlog-tiles bundles have 16-bit lengths

struct Leaf {
  Kind kind = Kind::kBatch;
  std::uint64_t index = 0;
  std::uint64_t time_us = 0;
  Digest prev;
  EventId entry_id;
  std::string body;

  bool operator==(const Leaf&) const = default;
};

std::string_view name(Kind kind);

// Requires: the body fits (kLeafBytesMax - kLeafHeadBytes).
std::string encode_leaf(const Leaf& leaf);

// Errors: kCorrupt (size, magic, version, kind, the two zero bytes).
Result<Leaf> decode_leaf(std::string_view bytes);

}  // namespace groove::ledger
