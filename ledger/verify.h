// Reads a whole ledger and says whether every byte of it is as it was written. Needs no lock: a
// ledger that is being written to is read up to where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

struct Verdict {
  std::uint64_t entries = 0;  // that are as they should be, from the first
  std::uint64_t segments = 0;
  std::string origin;
  Digest head;        // leaf hash of the last of them
  Digest root;        // Merkle root over them
  std::string wrong;  // empty: all is well; else the first fault, named by its record

  bool ok() const { return wrong.empty(); }
};

struct VerifyHooks {
  std::function<void(std::uint64_t bytes)> progress;  // may be empty
  // Lets some time pass. A group that is being written looks wrong for a moment; what still looks
  // so after several pauses is wrong.
  std::function<void()> pause;
};

// Errors: kNotFound (no ledger there), kUnavailable (it cannot be read).
Result<Verdict> verify(Io& io, const LogPlace& log, const VerifyHooks& hooks);

}  // namespace groove::ledger
