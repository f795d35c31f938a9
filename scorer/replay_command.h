// Computes a batch anew from what was recorded when it was first computed. `groove ledger replay`
// starts it as a process of its own and compares.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "workers/base/result.h"

namespace groove::scorer {

struct ReplayCommand {
  std::filesystem::path data;
  std::uint64_t sequence = 0;  // of the event that asked
  std::string event;           // its UUID
};

// `input` is a serialised RecordedInput; the result a serialised BatchScored. Errors: kInvalid (not
// such an input), and those of the library and the scorer.
Result<std::string> replay(const ReplayCommand& command, const std::string& input);

}  // namespace groove::scorer
