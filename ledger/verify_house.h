// What holds a house's logs together, from the published files: each sealed log names the one that
// goes on, that one's genesis carries the sealed one's last head, and every head that a root log
// holds is of the tree that its log has grown to.
#pragma once

#include <filesystem>
#include <vector>

#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/public_log.h"
#include "workers/base/result.h"

namespace groove::ledger {

// The first line's, the sealed ones first, then those of the partitions.
std::vector<LogPlace> all_logs(Io& io, const std::filesystem::path& ledger);

// That `next` continues `sealed`. Errors: kCorrupt, kUnavailable.
Status verify_joint(const PublicLog& sealed, const PublicLog& next);

// Of all that is published there. Errors: kCorrupt, kUnavailable.
Status verify_joints(Io& io, const std::filesystem::path& ledger);

}  // namespace groove::ledger
