// The key that signs the log's heads: made once with the ledger, in private/log.key, readable by
// its owner alone. Its name is the log's origin.
#pragma once

#include <filesystem>
#include <string>

#include "ledger/core/note.h"
#include "ledger/io.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Makes one for `origin` when there is none and nothing was signed yet. `folder`'s writer alone may
// call it. Errors: kInvalid (no name for a log), kCorrupt (not a key; or heads were signed with one
// that is gone), kUnavailable.
Result<SignerKey> load_log_key(Io& io, const std::filesystem::path& folder,
                               const std::string& origin);

}  // namespace groove::ledger
