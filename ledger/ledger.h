// The ledger's stage: each answer – a batch or a refusal – becomes one durable record, and the
// record is the answer that the listener gets.
//
// Exactly once. An event that is read again after a crash between the append and the commit is
// found by its id and gets the answer it got before, byte for byte. Another event under a sequence
// number that is already recorded is refused and an alarm is logged: accepting it would give one
// question two answers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ledger/io.h"
#include "ledger/store.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/worker.h"

namespace groove::ledger {

inline constexpr const char* kOrigin = "groove.local/ledger";

class Ledger final : public Handler {
 public:
  // Opens the store of `folder`. Errors: as Store::open.
  static Result<std::unique_ptr<Ledger>> open(Io& io, const std::filesystem::path& folder,
                                              const Clock& clock);

  bool wants(v1::Event::FactCase fact) const override;
  Result<Effect> handle(const Work& work) override;
  Status flush() override { return store_->sync(); }

 private:
  using LastSequences = std::map<ListenerId, std::uint64_t>;

  Ledger(std::unique_ptr<Store> store, LastSequences last)
      : store_(std::move(store)), last_(std::move(last)) {}
  Result<Effect> repeat(const Work& work, std::uint64_t index);
  Status check_sequence(const Work& work) const;

  std::unique_ptr<Store> store_;
  LastSequences last_;  // recorded, per listener
};

}  // namespace groove::ledger
