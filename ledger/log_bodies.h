// Between the messages and the bodies in which a log speaks of itself and of other logs: which one
// it is, the keys that sign it, where it ends and what goes on from there, the heads of others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/core/checkpoint.h"
#include "ledger/core/note.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

struct Genesis {
  std::string origin;
  std::string vkey;      // empty: begun before the log signed anything
  std::string previous;  // the last signed head of the log that this one continues; or empty
};
std::string genesis_body(const Genesis& genesis);
// Errors: kCorrupt.
Result<Genesis> genesis_of(std::string_view body);

// Where a record stands: what a change of keys is bound to.
struct Standing {
  std::uint64_t index = 0;
  Digest prev;
};
std::string key_change_body(const SignerKey& from, const SignerKey& to, const Standing& at);
// The key that signs from here on; both keys say so. Errors: kCorrupt.
Result<VerifierKey> changed_key(std::string_view body, const VerifierKey& from, const Standing& at);

struct ShardHead {
  VerifierKey key;
  std::string note;
  Checkpoint head;
};
std::string shard_head_body(const VerifierKey& key, const std::string& note);
// Errors: kCorrupt (also: not signed by that key).
Result<ShardHead> shard_head_of(std::string_view body);

// The log that goes on: its name is its key's.
std::string seal_body(const VerifierKey& next);
// Errors: kCorrupt.
Result<VerifierKey> sealed_for_log(std::string_view body);

}  // namespace groove::ledger
