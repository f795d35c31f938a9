// The hand-off: an accepted event has exactly one effect at each stage, in order per listener,
// whatever is killed. Redis is the one durable record; the bus only makes it fast.
//
// A stream per stage and partition holds what is not consumed yet: the entry exists = it is not
// consumed. accept() gives the listener's next sequence number and the first entry; commit()
// consumes an entry, writes the stage's state and appends the next entry in one script; the loser
// of a race is told kGone and drops its result. Each function here makes a command for
// workers/store.h or reads its reply; no I/O. States, crashes and settings: workers/HANDOFF.md.
//
// A message is the 16 bytes of the event id and then a serialised groove.v1.Event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/stage.h"
#include "workers/store.h"

namespace groove::handoff {

struct Entry {
  Stage stage = Stage::kFetch;
  std::string id;  // of the stream: "<ms>-<n>"
  ListenerId listener;
  std::uint64_t sequence = 0;
  std::string message;

  EventId event() const;          // the message's first 16 bytes
  std::string_view fact() const;  // the rest
};

std::string message(const EventId& event, std::string_view fact);

// --- accept (the gateway) ---------------------------------------------------------------------
// `first` is kFetch or kScore. An event for the scorer goes straight there when nothing of this
// listener is under way in the earlier stages (their versions then move along), and otherwise
// through them behind what is, so that order and contiguous versions hold at each stage.
RedisCommand accept(ListenerId listener, Stage first, std::string message);
// Says an accepted event again, because Redis may have lost it since. It gets the number that it
// was promised, or the next one when that is taken. `in_turn`: not before what was promised lower
// numbers.
RedisCommand accept_again(ListenerId listener, Stage first, std::string message,
                          std::uint64_t promised, bool in_turn);
struct Accepted {
  std::uint64_t sequence = 0;
  bool repeated = false;       // this event id was accepted before; nothing was done
  bool recorded = false;       // and it has its answer
  std::optional<Entry> entry;  // when new: for the bus
};
// Errors: kBusy (a backlog is full, or too much of this listener is pending: 503, 429), kConflict
// (an event that was promised a lower number must be said again first), what redis.h says.
Result<Accepted> accepted(const Result<RedisReply>& reply, ListenerId listener,
                          std::string message);

// --- commit, dead, attempt (a worker) ------------------------------------------------------------
// `state` is what the stage keeps of the listener; nothing leaves what it kept.
// `output` is the next stage's message, or at the last stage the answer (a
// groove.v1.BatchRecorded).
RedisCommand commit(const Entry& entry, std::optional<std::string_view> state,
                    std::string_view output);
// Poison: the entry moves to the dead letters with `reason`; `refusal` (a message) goes on in its
// place.
RedisCommand dead(const Entry& entry, std::string_view reason, std::string_view refusal);
enum class Outcome {
  kDone,
  kGone,    // consumed before: drop the result
  kGap,     // an earlier event of this listener is not consumed yet: pull the partition
  kForged,  // the entry is not what the frame claimed: drop it
};
struct Committed {
  Outcome outcome = Outcome::kGone;
  std::string next_id;  // when kDone and not the last stage: the entry id in the next stream
};
Result<Committed> committed(const Result<RedisReply>& reply);
// Counts a delivery of a suspicious entry, while the entry exists. The reply is the count, 0 if it
// is gone.
RedisCommand attempt(const Entry& entry);
// The count so far; and its end, when a try failed in a way that was not the entry's fault.
RedisCommand read_attempts(const Entry& entry);
RedisCommand forgive(const Entry& entry);
Result<std::uint64_t> attempts(const Result<RedisReply>& reply);

// --- reading
// -----------------------------------------------------------------------------------------
// Unconsumed entries of a partition and stage, oldest first, at most `count`, after entry id
// `after` ("" = all).
RedisCommand pull(std::uint32_t partition, Stage stage, std::size_t count,
                  std::string_view after = "");
Result<std::vector<Entry>> pulled(const Result<RedisReply>& reply, Stage stage);

// The listener's version and state at a stage: [version, state].
RedisCommand read_state(ListenerId listener, Stage stage);
struct StageState {
  std::uint64_t version = 0;
  std::string state;
};
Result<StageState> state(const Result<RedisReply>& reply);

// What is accepted and what is recorded.
RedisCommand read_progress(ListenerId listener);
struct ListenerProgress {
  std::uint64_t accepted = 0;  // last sequence given
  std::uint64_t recorded = 0;  // last sequence the ledger answered
};
Result<ListenerProgress> progress(const Result<RedisReply>& reply);

// The answer to one event: a serialised groove.v1.BatchRecorded, nil while it is under way or after
// limits::kResultsKept later ones.
RedisCommand read_answer(ListenerId listener, std::uint64_t sequence);
// The sequence number an event id was given: a text "<seq>" or nil.
RedisCommand find_event(ListenerId listener, const EventId& event);

// --- dead letters --------------------------------------------------------------------------------
struct DeadLetter {
  std::string id;  // in the partition's stream of dead letters
  std::uint32_t partition = 0;
  Stage stage = Stage::kFetch;  // where it broke its worker
  ListenerId listener;
  std::uint64_t sequence = 0;
  std::string reason;
  std::string message;
};
RedisCommand read_dead_letters(std::uint32_t partition);
Result<std::vector<DeadLetter>> dead_letters(const Result<RedisReply>& reply,
                                             std::uint32_t partition);
// The letter as a new event: an id of its own that is always the same for this letter, so that
// sending it again is one event; it enters at the first stage that can lead it to where it broke.
Entry revived(const DeadLetter& letter);
RedisCommand forget_dead_letter(const DeadLetter& letter);

// --- registration
// ---------------------------------------------------------------------------------------
struct Member {
  std::string name;      // stable over restarts: "score-1"
  std::string endpoint;  // of its PULL
  std::string notices;   // of its PUB
  bool operator==(const Member&) const = default;
};
// What a frame names its receiver by, so that a frame that reached another process by a re-used
// endpoint is refused.
std::uint64_t target_of(const Member& member);
// Registers `self` (nullptr: only reads) for limits::kRegistrationTtl; `leave` takes it off at
// once.
RedisCommand register_member(Stage stage, const Member* self, bool leave = false);
Result<std::vector<Member>> members(const Result<RedisReply>& reply);

}  // namespace groove::handoff
