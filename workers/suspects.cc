#include "workers/suspects.h"

#include <utility>

#include "workers/base/limits.h"

namespace groove {

using handoff::Entry;

Status Suspects::try_each(std::vector<Entry> entries, const Try& attempt, const Bury& bury) {
  if (entries.empty()) return {};
  take_back();
  std::vector<RedisCommand> commands;
  for (const Entry& entry : entries) commands.push_back(handoff::read_attempts(entry));
  const auto replies = store_.roundtrip(std::move(commands));
  std::vector<Entry> untried;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto count = handoff::attempts(replies[i]);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) {
      untried.push_back(std::move(entries[i]));
      continue;
    }
    if (Status tried = try_together(std::exchange(untried, {}), attempt); !tried) return tried;
    if (*count >= limits::kAttemptsMax)
      bury(entries[i]);
    else if (Status tried = try_together({entries[i]}, attempt); !tried)
      return tried;
  }
  return try_together(std::move(untried), attempt);
}

Status Suspects::try_together(std::vector<Entry> untried, const Try& attempt) {
  if (untried.empty()) return {};
  std::vector<RedisCommand> commands;
  for (const Entry& entry : untried) commands.push_back(handoff::attempt(entry));
  survived_.insert(survived_.end(), untried.begin(), untried.end());
  for (const auto& counted : store_.roundtrip(std::move(commands)))
    if (!counted) return std::unexpected(counted.error());  // it may be counted, but is not made
  attempt(std::move(untried));
  take_back();
  return {};
}

void Suspects::take_back() {
  std::vector<RedisCommand> commands;
  for (const Entry& entry : survived_) commands.push_back(handoff::forgive(entry));
  if (commands.empty()) return;
  for (const auto& reply : store_.roundtrip(std::move(commands)))
    if (!reply) return;  // still away: next time
  survived_.clear();
}

}  // namespace groove
