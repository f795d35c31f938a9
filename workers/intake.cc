#include "workers/intake.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

#include "workers/base/limits.h"
#include "workers/envelope.h"

namespace groove {

using handoff::Entry;
using std::chrono::milliseconds;

milliseconds Intake::age(const Entry& entry) const {
  return milliseconds(clock_.unix_us() / 1000 - std::stoll(entry.id));
}

std::vector<Entry> Intake::frames(milliseconds wait) {
  std::vector<Entry> entries;
  auto frame = carrier_.receive(dirty_.empty() ? wait : milliseconds(0));
  while (frame) {
    auto entry = decode_frame(*frame, stage_, target_);
    if (!entry)
      drop(entry.error());
    else if (durable_only_)
      dirty_.insert(partition_of(entry->listener));
    else
      entries.push_back(std::move(*entry));
    if (entries.size() >= limits::kWorkBatch) break;
    frame = carrier_.receive(milliseconds(0));
  }
  return entries;
}

void Intake::drop(const Error& why) {
  ++dropped_;
  if (!telling_.due()) return;
  spdlog::warn("{} (in all {} since the last such line)", why.message, dropped_);
  dropped_ = 0;
}

void Intake::mark_dirty(std::uint32_t partition) {
  // What a pull brings is all there is: an entry that is still missing then will not come by
  // pulling again.
  if (!pulling_) dirty_.insert(partition);
}

Status Intake::pull_dirty(const Take& take) {
  const std::set<std::uint32_t> dirty = std::exchange(dirty_, {});
  return pull(std::vector<std::uint32_t>(dirty.begin(), dirty.end()), milliseconds(0), take);
}

Status Intake::pull(std::span<const std::uint32_t> partitions, milliseconds older_than,
                    const Take& take) {
  if (partitions.empty()) return {};
  std::vector<RedisCommand> commands;
  for (const std::uint32_t partition : partitions)
    commands.push_back(handoff::pull(partition, stage_, limits::kWorkBatch));
  const auto replies = store_.roundtrip(std::move(commands));
  pulling_ = true;
  Status status;  // the last failure; of a cluster, one part may be away and the others there
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    auto pulled = pull_rest(partitions[i], handoff::pulled(replies[i], stage_), older_than, take);
    if (!pulled) status = std::move(pulled);
  }
  pulling_ = false;
  return status;
}

Status Intake::pull_rest(std::uint32_t partition, Result<std::vector<Entry>> entries,
                         milliseconds older_than, const Take& take) {
  while (entries && !entries->empty()) {
    const bool more = entries->size() == limits::kWorkBatch;
    const std::string last = entries->back().id;
    std::erase_if(*entries, [&](const Entry& entry) { return age(entry) < older_than; });
    if (!take(std::move(*entries)) || !more) return {};
    entries = handoff::pulled(
        store_.roundtrip(handoff::pull(partition, stage_, limits::kWorkBatch, last)), stage_);
  }
  if (!entries) return std::unexpected(entries.error());
  return {};
}

}  // namespace groove
