#include "workers/kept_events.h"

#include <algorithm>
#include <set>
#include <utility>

#include "workers/base/limits.h"

namespace groove {
namespace {

constexpr std::chrono::milliseconds kPatienceFirst(1'000), kPatienceMax(30'000);
// Then whoever was to say the earlier ones again is dead too.
constexpr std::chrono::milliseconds kTurnAwaited(10'000);

}  // namespace

KeptEvents::Key KeptEvents::key_of(const KeptEvent& event) {
  return {event.listener.value, event.sequence, event.message.substr(0, 16)};
}

void KeptEvents::keep(KeptEvent event, Moment now) {
  const Key key = key_of(event);
  const auto [at, is_new] = events_.try_emplace(key);
  Kept& kept = at->second;
  const bool was_recorded = std::exchange(kept.recorded, false);
  kept.event = std::move(event);
  if (is_new || was_recorded) {
    kept.patience = kPatienceFirst;
    expect(key, kept, now);
  }
  if (is_new) by_age_.emplace_back(now, key);
}

void KeptEvents::expect(const Key& key, const Kept& kept, Moment now) {
  expected_.emplace(now + kept.patience, key);
}

void KeptEvents::recorded(ListenerId listener, std::uint64_t sequence, std::string_view event_id) {
  const auto at = events_.find({listener.value, sequence, std::string(event_id)});
  if (at != events_.end()) at->second.recorded = true;
}

void KeptEvents::drop(const KeptEvent& event) { events_.erase(key_of(event)); }

std::vector<KeptEvent> KeptEvents::all() const {
  std::vector<KeptEvent> all;
  for (const auto& [key, kept] : events_) all.push_back(kept.event);
  return all;
}

std::vector<KeptEvent> KeptEvents::overdue(Moment now) {
  std::set<Key> due;
  while (!expected_.empty() && expected_.begin()->first <= now)
    due.insert(expected_.extract(expected_.begin()).mapped());
  std::vector<KeptEvent> events;
  for (const Key& key : due) {
    const auto at = events_.find(key);
    if (at == events_.end() || at->second.recorded) continue;
    Kept& kept = at->second;
    kept.patience = std::min(kept.patience * 2, kPatienceMax);
    kept.event.in_turn = kept.patience < kTurnAwaited;
    expect(key, kept, now);
    events.push_back(kept.event);
  }
  return events;
}

std::size_t KeptEvents::forget(Moment now) {
  std::size_t unrecorded = 0;
  while (!by_age_.empty()) {
    const auto [since, key] = by_age_.front();
    const auto at = events_.find(key);
    const bool gone = at == events_.end();
    const bool is_too_many = events_.size() > limits::kAcceptedKeptMax;
    if (!gone && !is_too_many && now - since < limits::kAcceptedKeptFor) break;
    by_age_.pop_front();
    if (gone) continue;
    if (!at->second.recorded && !is_too_many) {
      by_age_.emplace_back(now, key);  // old and still under way: looked at again later
      continue;
    }
    unrecorded += !at->second.recorded;
    events_.erase(at);
  }
  return unrecorded;
}

}  // namespace groove
