// Checkpoints (C2SP tlog-checkpoint): the text that a log signs.
//
//   <origin>\n<size, decimal>\n<base64 root>\n
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ledger/core/note.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;

  bool operator==(const Checkpoint&) const = default;
};

std::string encode_checkpoint(const Checkpoint& checkpoint);
// Extension lines after the root are accepted and ignored. Errors: kCorrupt.
Result<Checkpoint> decode_checkpoint(std::string_view text);
// The signed note of a log: signed by `key`, of the origin that is the key's name. Errors:
// kCorrupt.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);
// The same by any of the keys that a log has had; one that signed and is wrong spoils it.
Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const VerifierKey> keys);

}  // namespace groove::ledger
