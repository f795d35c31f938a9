// The root log of a house whose records are in several logs: it takes their published heads on
// record, so that one signature, one witness and one anchor stand for all of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/proof.h"
#include "ledger/io.h"
#include "ledger/ledger.h"
#include "ledger/log_bodies.h"
#include "ledger/public_log.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Takes on record the heads that the logs have published since, each after it was shown to have
// grown from the last one, or to be the log that a seal names. One log that is not so keeps the
// others out of nothing: the first error is returned at the end. Errors: kCorrupt, kUnavailable.
Status gather_heads(Io& io, Ledger& root);

// The last head in the root of the log of that origin. Reads backwards. Errors: kNotFound,
// kCorrupt, kUnavailable.
struct RootedHead {
  std::uint64_t index = 0;  // of the record in the root
  ShardHead shard;
};
Result<RootedHead> newest_head(const PublicLog& root, const std::string& origin);

// A proof by the root alone: that the record is in the log whose head the root holds, and that the
// root holds it. Two tlog-proofs, an empty line between them.
struct RootedProof {
  TlogProof record, head;
};
std::string encode_rooted(const RootedProof& proof);
// Nothing when the text is one proof or none. Errors of the proofs themselves: kCorrupt.
std::optional<Result<RootedProof>> decode_rooted(std::string_view text);
Result<RootedProof> prove_rooted(const PublicLog& root, const PublicLog& log, std::uint64_t index);
// Returns the key of the log that holds the record. `leaf`: the record's leaf hash. Errors:
// kCorrupt.
Result<Checkpoint> check_rooted(const RootedProof& proof, const Digest& leaf,
                                const VerifierKey& root);

}  // namespace groove::ledger
