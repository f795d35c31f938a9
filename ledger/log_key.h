// The keys that sign a log's heads, in its private folder, readable by their owner alone. The name
// of each is the log's origin. Usually there is one, made with the log; while keys change there is
// the next one, and after that for a time the old one, which signs along.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/core/note.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Makes one for `origin` when there is none and nothing was signed yet. The log's writer alone may
// call it. Errors: kInvalid (no name for a log), kCorrupt (not a key; or heads were signed with one
// that is gone), kUnavailable.
Result<SignerKey> load_log_key(Io& io, const LogPlace& log, const std::string& origin);

struct LogKeys {
  SignerKey key;
  std::optional<SignerKey> old, next;

  std::vector<VerifierKey> verifiers() const;
};
// Errors: as load_log_key.
Result<LogKeys> load_log_keys(Io& io, const LogPlace& log, const std::string& origin);

// One to change to, durable before it is announced.
Status make_next_key(Io& io, const LogPlace& log, LogKeys& keys);
// After the records were read: the key that they say is in force signs from now on. Finishes a
// change that was cut short. Errors: kCorrupt (that key is not here), kUnavailable.
Status settle_keys(Io& io, const LogPlace& log, LogKeys& keys, const VerifierKey& in_force);
// Destroys the old one. Errors: kUnavailable.
Status destroy_old_key(Io& io, const LogPlace& log, LogKeys& keys);

}  // namespace groove::ledger
