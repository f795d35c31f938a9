// Proofs as files: the one to take away and check offline (C2SP tlog-proof), and the one that a
// witness is asked with (C2SP tlog-witness).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/checkpoint.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

// c2sp.org/tlog-proof@v1\n [extra <base64>\n] index <n>\n (base64 hash\n)* \n <checkpoint>
struct TlogProof {
  std::string extra;  // opaque bytes; what a receipt carries
  std::uint64_t index = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;  // the signed note

  bool operator==(const TlogProof&) const = default;
};
std::string encode_proof(const TlogProof& proof);
// Errors: kCorrupt.
Result<TlogProof> decode_proof(std::string_view text);
// That a leaf of that hash is in the log of `key`. Errors: kCorrupt, with what does not hold.
Result<Checkpoint> check_proof(const TlogProof& proof, const Digest& leaf, const VerifierKey& key);

// old <size>\n (base64 hash\n)* \n <checkpoint>: the body of a witness's add-checkpoint.
struct Growth {
  std::uint64_t old_size = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;

  bool operator==(const Growth&) const = default;
};
std::string encode_growth(const Growth& growth);
// Errors: kCorrupt.
Result<Growth> decode_growth(std::string_view text);

}  // namespace groove::ledger
