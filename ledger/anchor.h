// Anchors: heads of the log that a calendar outside has timestamped (OpenTimestamps), so that it
// can be shown later that all records up to there existed then.
//
//   LEDGER/public/anchors/<size>        the signed head
//   LEDGER/public/anchors/<size>.ots    its timestamp; not there while no calendar has answered
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ledger/core/checkpoint.h"
#include "ledger/core/ots.h"
#include "ledger/http.h"
#include "ledger/io.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Puts a signed head in the queue; one of its size that is there stays. Errors: kUnavailable.
Status queue_anchor(Io& io, const std::filesystem::path& published, const std::string& note,
                    std::uint64_t size);

struct Anchored {
  std::uint64_t done = 0, waiting = 0;
  std::string why;  // the first of them waits
};
// Asks the calendar for all that wait. Errors: kUnavailable (the files).
Result<Anchored> anchor_queued(Io& io, const std::filesystem::path& published,
                               const std::string& calendar, const Exchange& exchange);

// That the timestamp is one of the head of that size, signed by `key`. Errors: kNotFound, kCorrupt.
Result<Timestamp> read_anchor(Io& io, const std::filesystem::path& published, std::uint64_t size,
                              const VerifierKey& key);

}  // namespace groove::ledger
