// Receipts: a proof, for the listener to keep, that an answer of theirs is in the log that was
// signed (C2SP tlog-proof), made from the files that the ledger has published. It carries the
// answer and what shows that the record commits to it; `groove-ledger verify` checks it offline.
#pragma once

#include <filesystem>
#include <string>

#include "gateway/core/reply.h"
#include "groove/v1/event.pb.h"
#include "workers/base/result.h"

namespace groove::gateway {

class Receipts {
 public:
  explicit Receipts(std::filesystem::path published) : published_(std::move(published)) {}

  // A .tlog-proof to save. 503 when the record is not published yet, which takes about a second, or
  // cannot be proved just now.
  Reply answer(const v1::BatchRecorded& recorded) const;

 private:
  Result<std::string> make(const v1::BatchRecorded& recorded) const;

  std::filesystem::path published_;
};

}  // namespace groove::gateway
