// Which record an entry id is in: an open table, probed in a row, of 24 bytes a slot. A map of
// nodes costs an allocation and two more cache misses for each record, which is a third of what
// appending one costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "workers/base/ids.h"

namespace groove::ledger {

class EntryIndex {
 public:
  std::optional<std::uint64_t> find(const EventId& id) const;
  // The index that the id has already, if any; it is then kept.
  std::optional<std::uint64_t> insert(const EventId& id, std::uint64_t index);
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    EventId id;
    std::uint64_t index = kFree;
  };
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};

  std::size_t place_of(const EventId& id) const;  // its own, or the free one where it would go
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most two thirds full
  std::size_t size_ = 0;
};

}  // namespace groove::ledger
