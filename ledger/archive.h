// A published log as one zip file: what a head needs and nothing else, each time the same bytes.
#pragma once

#include <functional>
#include <string>

#include "ledger/public_log.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Unpacked, it verifies as a folder. `key`: the vkey file's text. Writes to the descriptor. Errors:
// kCorrupt, kUnavailable.
Status write_archive(const PublicLog& log, const std::string& key, int descriptor,
                     const std::function<void(std::uint64_t files)>& progress);

}  // namespace groove::ledger
