#include "workers/kept_events.h"

#include <algorithm>

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
  at->second.event = std::move(event);
  at->second.recorded = false;
  if (!is_new) return;
  at->second.patience = kPatienceFirst;
  at->second.again = now + kPatienceFirst;
  by_age_.emplace_back(now, key);
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
  std::vector<KeptEvent> due;
  for (auto& [key, kept] : events_) {
    if (kept.recorded || now < kept.again) continue;
    kept.patience = std::min(kept.patience * 2, kPatienceMax);
    kept.again = now + kept.patience;
    kept.event.in_turn = kept.patience < kTurnAwaited;
    due.push_back(kept.event);
  }
  return due;
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
