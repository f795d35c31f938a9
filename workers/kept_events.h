// What a gateway has accepted and Redis might still lose, to say it again: a primary that dies
// takes with it what its replica had not heard, a restored disk the last moments.
//
// Each is kept until it is recorded and limits::kAcceptedKeptFor old. Saying one again is harmless:
// accept knows its id. No I/O; the caller brings the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "workers/base/ids.h"
#include "workers/stage.h"

namespace groove {

struct KeptEvent {
  ListenerId listener;
  std::uint64_t sequence = 0;  // what it was promised
  Stage first = Stage::kFetch;
  std::string message;  // its first 16 bytes are the event id
  bool in_turn = true;  // after what was promised lower numbers
};

class KeptEvents {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  void keep(KeptEvent event, Moment now);
  // It has its answer.
  void recorded(ListenerId listener, std::uint64_t sequence, std::string_view event_id);
  void drop(const KeptEvent& event);

  // All, each listener's in order: for a new link to Redis.
  std::vector<KeptEvent> all() const;
  // Those that should have been recorded by now, each after a longer while than the time before.
  std::vector<KeptEvent> overdue(Moment now);
  // Drops what is recorded and old enough, and the oldest beyond limits::kAcceptedKeptMax. The
  // number of those that were dropped unrecorded.
  std::size_t forget(Moment now);

  std::size_t size() const { return events_.size(); }

 private:
  // Listener, sequence, event id: a number that Redis has lost may be given away again.
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::string>;
  static Key key_of(const KeptEvent& event);
  struct Kept {
    KeptEvent event;
    bool recorded = false;
    std::chrono::milliseconds patience{0};
  };
  void expect(const Key& key, const Kept& kept, Moment now);

  std::map<Key, Kept> events_;
  std::multimap<Moment, Key> expected_;  // when each should be recorded; some are, or are gone
  std::deque<std::pair<Moment, Key>> by_age_;
};

}  // namespace groove
