// One record of a ledger: what is public of it and what is not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "ledger/core/record.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

struct Entry {
  Leaf leaf;
  Digest leaf_hash;
  std::string payload;
};

// Checks what can be checked of a record alone: that it decodes, carries its index and commits to
// the payload. Errors: kCorrupt, "record N: ...".
Result<Entry> to_entry(std::uint64_t index, std::string_view leaf, std::string payload);

// Reads one record without opening the ledger for writing; what is being written is not there yet.
// Reads its segment up to it. Errors: kNotFound (no ledger, no such record), kCorrupt,
// kUnavailable.
Result<Entry> read_entry(Io& io, const LogPlace& log, std::uint64_t index);

}  // namespace groove::ledger
