#include "ledger/entry_index.h"

#include <utility>

#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

constexpr std::size_t kFirstSlots = 1024;

// Ids are random, but who wrote a log may have chosen them.
std::size_t hash(const EventId& id) {
  const auto bytes = as_bytes(id);
  return mix64(read_le<std::uint64_t>(bytes, 0) ^ mix64(read_le<std::uint64_t>(bytes, 8)));
}

}  // namespace

std::size_t EntryIndex::place_of(const EventId& id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash(id) & mask;
  while (slots_[at].index != kFree && slots_[at].id != id) at = (at + 1) & mask;
  return at;
}

std::optional<std::uint64_t> EntryIndex::find(const EventId& id) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[place_of(id)];
  return slot.index == kFree ? std::nullopt : std::optional(slot.index);
}

std::optional<std::uint64_t> EntryIndex::insert(const EventId& id, std::uint64_t index) {
  GROOVE_CHECK(index != kFree);
  if (3 * (size_ + 1) > 2 * slots_.size()) grow();
  Slot& slot = slots_[place_of(id)];
  if (slot.index != kFree) return slot.index;
  slot = {id, index};
  ++size_;
  return std::nullopt;
}

void EntryIndex::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(slots_.empty() ? kFirstSlots : 2 * slots_.size()));
  for (const Slot& slot : old)
    if (slot.index != kFree) slots_[place_of(slot.id)] = slot;
}

}  // namespace groove::ledger
