// Entries that may be what killed a worker: those that lay long, and those that lay there when it
// started.
//
// A try is counted right before it is made and taken back when the worker survives it, or when the
// store went away so that it was counted, perhaps, but not made. So only the entry that really ends
// its worker goes on counting; past limits::kAttemptsMax it is dead. The first try of several is
// made together; one that still counts is tried alone.
#pragma once

#include <functional>
#include <vector>

#include "workers/handoff.h"
#include "workers/store.h"

namespace groove {

class Suspects {
 public:
  explicit Suspects(Store& store) : store_(store) {}

  using Try = std::function<void(std::vector<handoff::Entry>)>;
  using Bury = std::function<void(const handoff::Entry&)>;
  // Errors: of the store; what was not tried yet stays where it is.
  Status try_each(std::vector<handoff::Entry> entries, const Try& attempt, const Bury& bury);

  // Takes back the counts of tries that the store was away for.
  void take_back();

 private:
  Status try_together(std::vector<handoff::Entry> untried, const Try& attempt);

  Store& store_;
  std::vector<handoff::Entry> survived_;
};

}  // namespace groove
