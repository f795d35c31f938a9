// Replaying: a batch is computed anew, by the scorer's own program, from what was recorded with it,
// and compared byte for byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ledger/core/seal.h"
#include "ledger/entry.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/result.h"

namespace groove::ledger {

// What is sealed in a record, with the listener's key from beside the ledger. Errors: kNotFound
// (the key is not there: erased), kInvalid (nothing is sealed in it), kCorrupt.
Result<Content> open_entry(Io& io, const LogPlace& log, const Entry& entry);

struct Replay {
  std::filesystem::path scorer;  // the program
  std::filesystem::path data;    // the house's folder: catalogue and model
};
// Empty when the batch comes out as it was recorded; else the first field that differs. Errors:
// kInvalid (a refusal, or no input is recorded), kUnavailable (the scorer cannot compute).
Result<std::string> replay(const Replay& with, const Content& content);

}  // namespace groove::ledger
