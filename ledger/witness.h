// Asks a witness to sign a head (C2SP tlog-witness): it does so only if the log grew from what it
// saw last, so who trusts it need not fear that others are shown another log.
#pragma once

#include <string>

#include "ledger/core/policy.h"
#include "ledger/http.h"
#include "ledger/public_log.h"
#include "workers/base/result.h"

namespace groove::ledger {

// The signature lines that the witness adds to the log's last head. Requires: witness.url. Errors:
// kUnavailable (no answer), kConflict (it refuses, with its words), kCorrupt (its signature is
// wrong, or the log cannot prove its growth).
Result<std::string> ask_witness(const Exchange& exchange, const Policy::Member& witness,
                                const PublicLog& log);

}  // namespace groove::ledger
