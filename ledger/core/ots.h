// OpenTimestamps files (.ots): a chain of operations from a file's digest to what some clock
// attests, a calendar's promise first, a Bitcoin block later. Format: opentimestamps.org.
//
//   magic 31 bytes, 01, 08, SHA-256 of the file, timestamp
//   timestamp   = (ff item)* item        item = 00 tag(8) length payload  |  operation timestamp
//   operation   = f0 length bytes (append)  |  f1 length bytes (prepend)  |  08 (SHA-256)
//
// Lengths are LEB128. What is written here appends 16 random bytes and hashes once before a
// calendar sees anything, so it learns nothing of the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

inline constexpr std::size_t kOtsNonceBytes = 16;

struct Attestation {
  enum class Kind { kPending, kBitcoin, kOther };
  Kind kind = Kind::kOther;
  std::string message;       // what is attested to: the file's digest after the operations
  std::string calendar;      // kPending: its address
  std::uint64_t height = 0;  // kBitcoin: of the block whose Merkle root the message is

  bool operator==(const Attestation&) const = default;
};

struct Timestamp {
  Digest file;
  std::vector<Attestation> attestations;  // at least one
};

// What a calendar is asked to attest to: SHA-256(digest || nonce).
Digest ots_commitment(const Digest& file, std::string_view nonce);
// The .ots file, from the calendar's answer: the timestamp of the commitment.
std::string encode_ots(const Digest& file, std::string_view nonce, std::string_view answer);
// Errors: kCorrupt (not such a file, nested too deep, an operation that nobody here knows).
Result<Timestamp> decode_ots(std::string_view bytes);

}  // namespace groove::ledger
