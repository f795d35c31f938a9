// Entries that may be what killed a worker: those that lay long, and those that lay there when it
// started.
//
// The first try of several is made together. One that was tried before is tried alone and counted
// right before, so only the entry that really ends its worker goes on counting; past
// limits::kAttemptsMax it is dead.
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

  // A try failed through no fault of the entry (a source or the store was away): it does not count.
  // Taken back at the next chance, for the store may be away just now.
  void forgive(const handoff::Entry& entry) { innocent_.push_back(entry); }
  void take_back();

 private:
  Status try_together(std::vector<handoff::Entry> untried, const Try& attempt);

  Store& store_;
  std::vector<handoff::Entry> innocent_;
};

}  // namespace groove
