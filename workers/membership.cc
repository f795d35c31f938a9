#include "workers/membership.h"

#include <algorithm>
#include <numeric>

#include "workers/rendezvous.h"

namespace groove {

std::vector<std::uint32_t> all_partitions() {
  std::vector<std::uint32_t> all(kPartitionCount);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

Status Membership::beat() {
  const auto all = handoff::members(store_.roundtrip(handoff::register_member(stage_, &self_)));
  if (!all) return std::unexpected(all.error());
  names_.clear();
  for (const handoff::Member& member : *all) names_.push_back(member.name);
  find_next();
  return {};
}

Status Membership::beat(const std::vector<std::string>& seats) {
  Status all;
  for (const std::string& seat : seats_)
    if (std::ranges::find(seats, seat) == seats.end()) (void)enrol(seat, /*leave=*/true);
  for (const std::string& seat : seats)
    if (auto ok = enrol(seat, /*leave=*/false); !ok) all = ok;
  seats_ = seats;
  return all;
}

Status Membership::enrol(const std::string& name, bool leave) {
  const handoff::Member member{name, self_.endpoint, self_.notices};
  const auto reply = store_.roundtrip(handoff::register_member(stage_, &member, leave));
  return reply ? Status{} : std::unexpected(reply.error());
}

void Membership::leave() {
  // If Redis cannot be reached the registration runs out by itself.
  (void)enrol(self_.name, /*leave=*/true);
  for (const std::string& seat : seats_) (void)enrol(seat, /*leave=*/true);
}

void Membership::find_next() {
  const auto following = next(stage_);
  if (!following) return;
  const auto all =
      handoff::members(store_.roundtrip(handoff::register_member(*following, nullptr)));
  if (all) carrier_.set_next(*all);
}

std::vector<std::uint32_t> Membership::owned(std::span<const std::uint32_t> partitions) const {
  std::vector<std::uint32_t> mine;
  if (names_.empty()) return mine;
  for (const std::uint32_t partition : partitions)
    if (names_[owner_of(partition, names_)] == self_.name) mine.push_back(partition);
  return mine;
}

}  // namespace groove
