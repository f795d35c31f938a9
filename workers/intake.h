// Where a worker's entries come from: frames off the bus, and what waits in Redis when the bus lost
// them. A pull is a batch – one XRANGE for many entries – because a catch-up slower than the fast
// path never catches up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <vector>

#include "workers/base/clock.h"
#include "workers/base/limits.h"
#include "workers/carrier.h"
#include "workers/handoff.h"
#include "workers/stage.h"
#include "workers/store.h"
#include "workers/ticker.h"

namespace groove {

class Intake {
 public:
  // `durable_only`: a frame only says which partition to pull; its payload is not used.
  Intake(Store& store, Carrier& carrier, const Clock& clock, Stage stage, std::uint64_t target,
         bool durable_only)
      : store_(store),
        carrier_(carrier),
        clock_(clock),
        stage_(stage),
        target_(target),
        durable_only_(durable_only),
        telling_(clock, limits::kRefusedTellEvery) {}

  // Frames that are there, at most limits::kWorkBatch. Waits for the first one, unless a pull is
  // due at once.
  std::vector<handoff::Entry> frames(std::chrono::milliseconds wait);

  // That partition holds something that was not seen: pull it at once.
  void mark_dirty(std::uint32_t partition);

  // How long ago the store took the entry, by this host's clock.
  std::chrono::milliseconds age(const handoff::Entry& entry) const;

  // False: take no more.
  using Take = std::function<bool(std::vector<handoff::Entry>)>;
  Status pull_dirty(const Take& take);
  // Hands over what waits in those partitions and is older than that, in order, limits::kWorkBatch
  // at a time.
  Status pull(std::span<const std::uint32_t> partitions, std::chrono::milliseconds older_than,
              const Take& take);

 private:
  void drop(const Error& why);
  Status pull_rest(std::uint32_t partition, Result<std::vector<handoff::Entry>> entries,
                   std::chrono::milliseconds older_than, const Take& take);

  Store& store_;
  Carrier& carrier_;
  const Clock& clock_;
  Stage stage_;
  std::uint64_t target_;
  bool durable_only_;
  bool pulling_ = false;
  std::set<std::uint32_t> dirty_;
  std::uint64_t dropped_ = 0;  // frames that were not told of yet
  Ticker telling_;
};

}  // namespace groove
