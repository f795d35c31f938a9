#include "workers/worker_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "workers/base/limits.h"
#include "workers/rendezvous.h"

namespace groove {
namespace {

using handoff::Entry;
using handoff::Outcome;
using std::chrono::milliseconds;

constexpr std::size_t kListenersCachedMax = 10'000;
constexpr auto kRefreshAtMost = milliseconds(50);
constexpr auto kRetryStoreAfter = milliseconds(100);

}  // namespace

WorkerLoop::WorkerLoop(Stage stage, handoff::Member self, bool durable_only, WorkerPorts ports,
                       Handler& handler)
    : stage_(stage),
      ports_(std::move(ports)),
      handler_(handler),
      membership_(ports_.store, ports_.carrier, stage, self),
      intake_(ports_.store, ports_.carrier, ports_.clock, stage, handoff::target_of(self),
              durable_only),
      suspects_(ports_.store),
      beat_(ports_.clock, limits::kRegistrationBeat),
      tick_(ports_.clock, limits::kPullOwnEvery),
      pull_own_(ports_.clock, ports_.fast_path ? limits::kPullOwnEvery : limits::kPullOnlyEvery),
      pull_all_(ports_.clock, limits::kPullAllEvery),
      refresh_(ports_.clock, kRefreshAtMost) {}

void WorkerLoop::run() {
  handler_.tick();  // what takes long at first is done before anybody sends work here
  while (!ports_.stop() && !beat()) ports_.clock.pause(kRetryStoreAfter);
  spdlog::info("ready: stage {}, {}", name(stage_),
               ports_.fast_path ? "bus " + membership_.self().endpoint : "without the bus");
  // What lies there at the start may be what killed the worker before.
  check(intake_.pull(partitions(), milliseconds(0), [this](std::vector<Entry> entries) {
    take_pulled(std::move(entries), /*suspicious=*/true);
    return !ports_.stop();
  }));
  while (!ports_.stop()) round();
  drain();
}

void WorkerLoop::round() {
  process(intake_.frames(pull_own_.left()));
  check(intake_.pull_dirty([this](std::vector<Entry> entries) {
    take_pulled(std::move(entries), /*suspicious=*/false);
    return !ports_.stop();
  }));
  if (beat_.due()) check(beat());
  if (tick_.due()) handler_.tick();
  if (pull_own_.due()) {
    suspects_.take_back();
    // What is younger is on its way by the bus, if there is one.
    pull(owned(), ports_.fast_path ? limits::kPullOwnEvery : milliseconds(0));
  }
  if (pull_all_.due()) pull(partitions(), limits::kPullAllEvery);
}

Status WorkerLoop::beat() {
  const Handler::Seats seats = handler_.seats();
  return seats.all.empty() ? membership_.beat() : membership_.beat(seats.held);
}

// Without seats all that can have work; else those of the seats held here.
std::vector<std::uint32_t> WorkerLoop::partitions() const {
  const Handler::Seats seats = handler_.seats();
  if (seats.all.empty()) return ports_.partitions;
  std::vector<std::uint32_t> mine;
  for (const std::uint32_t partition : ports_.partitions)
    if (std::ranges::count(seats.held, seats.all[owner_of(partition, seats.all)]))
      mine.push_back(partition);
  return mine;
}

std::vector<std::uint32_t> WorkerLoop::owned() const {
  return handler_.seats().all.empty() ? membership_.owned(ports_.partitions) : partitions();
}

// Leaves first, so that nobody sends here any more, then finishes what came.
void WorkerLoop::drain() {
  membership_.leave();
  const auto deadline = ports_.clock.steady() + limits::kDrainDeadline;
  while (ports_.clock.steady() < deadline) {
    std::vector<Entry> entries = intake_.frames(milliseconds(0));
    if (entries.empty()) break;
    process(std::move(entries));
  }
  spdlog::info("stopped; what is unfinished is in Redis");
}

void WorkerLoop::pull(const std::vector<std::uint32_t>& partitions, milliseconds older_than) {
  check(intake_.pull(partitions, older_than, [this](std::vector<Entry> entries) {
    take_pulled(std::move(entries), /*suspicious=*/false);
    return !ports_.stop();
  }));
}

void WorkerLoop::take_pulled(std::vector<Entry> entries, bool suspicious) {
  doubt_what_is_behind(entries);
  const auto innocent = std::stable_partition(entries.begin(), entries.end(), [&](const Entry& e) {
    return suspicious || intake_.age(e) > limits::kSuspiciousAge;
  });
  std::vector<Entry> fresh(std::make_move_iterator(innocent),
                           std::make_move_iterator(entries.end()));
  entries.erase(innocent, entries.end());
  check(suspects_.try_each(
      std::move(entries), [this](std::vector<Entry> tried) { process(std::move(tried)); },
      [this](const Entry& entry) { bury(entry, "it ended its worker again and again"); }));
  process(std::move(fresh));
}

void WorkerLoop::bury(const Entry& entry, const std::string& reason) {
  const std::string output =
      refusal(entry, "Something in this request broke Groove; it was set aside.", true);
  const auto done = handoff::committed(
      ports_.store.roundtrip(handoff::dead(entry, reason, with_id(entry, output))));
  doubted_.insert(entry.listener.value);
  if (!done) return check(std::unexpected(done.error()));
  if (done->outcome != Outcome::kDone) return;
  spdlog::error("event {} is dead at stage {}: {}", to_string(entry.event()), name(stage_), reason);
  pass_on({entry, {}, output, "set aside"}, done->next_id);
}

void WorkerLoop::process(std::vector<Entry> entries) {
  if (entries.empty()) return;
  learn_listeners(entries);
  std::vector<Computed> computed;
  std::set<std::uint64_t> held;  // listeners whose next event must wait
  for (Entry& entry : entries) {
    const std::uint64_t listener = entry.listener.value;
    if (held.contains(listener) || !known_.contains(listener) || !is_next(entry)) continue;
    if (!compute(entry, computed)) held.insert(listener);
  }
  commit(computed);
}

// One round for the listeners that are not known yet. The owner keeps them, so usually none. One
// that cannot be read stays unknown, and its entries where they are.
void WorkerLoop::learn_listeners(const std::vector<Entry>& entries) {
  forget_doubted();
  std::vector<ListenerId> unknown;
  std::vector<RedisCommand> commands;
  for (const Entry& entry : entries) {
    if (known_.contains(entry.listener.value) || std::ranges::count(unknown, entry.listener))
      continue;
    unknown.push_back(entry.listener);
    commands.push_back(handoff::read_state(entry.listener, stage_));
  }
  if (commands.empty()) return;
  const auto replies = ports_.store.roundtrip(std::move(commands));
  Status status;
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    auto state = handoff::state(replies[i]);
    if (state)
      known_[unknown[i].value] = {state->version, std::move(state->state)};
    else
      status = std::unexpected(state.error());
  }
  check(status);
}

// An entry that lies in Redis is not consumed. Who believes it is knows of a time that Redis has
// lost: a primary died before its replica had heard all.
void WorkerLoop::doubt_what_is_behind(const std::vector<Entry>& pulled) {
  for (const Entry& entry : pulled) {
    const auto known = known_.find(entry.listener.value);
    if (known != known_.end() && entry.sequence <= known->second.version)
      doubted_.insert(entry.listener.value);
  }
}

void WorkerLoop::forget_doubted() {
  if (std::exchange(all_doubted_, false) || known_.size() > kListenersCachedMax) known_.clear();
  for (const std::uint64_t listener : std::exchange(doubted_, {})) known_.erase(listener);
}

bool WorkerLoop::is_next(const Entry& entry) {
  const std::uint64_t version = known_.at(entry.listener.value).version;
  if (entry.sequence > version + 1) {
    // An earlier one is in Redis, or another worker went on while we looked away: look again.
    doubted_.insert(entry.listener.value);
    intake_.mark_dirty(partition_of(entry.listener));
  }
  return entry.sequence == version + 1;
}

// False when it could not be done just now.
bool WorkerLoop::compute(Entry& entry, std::vector<Computed>& computed) {
  v1::Event fact;
  if (!fact.ParseFromArray(entry.fact().data(), static_cast<int>(entry.fact().size()))) {
    bury(entry, "decode");
    return false;
  }
  auto effect = effect_of(entry, fact);
  if (!effect) {
    note_wait(entry, effect.error());
    return false;
  }
  waits_.erase(entry.listener.value);
  Known& known = known_.at(entry.listener.value);
  ++known.version;
  if (effect->state) known.state = *effect->state;
  computed.push_back({std::move(entry), std::move(effect->state), std::move(effect->output),
                      std::move(effect->detail)});
  return true;
}

// What waits is looked at again and again: said when it is news.
void WorkerLoop::note_wait(const Entry& entry, const Error& reason) {
  if (waits_.size() > kListenersCachedMax) waits_.clear();
  std::string& said = waits_[entry.listener.value];
  if (std::exchange(said, reason.message) == reason.message) return;
  if (reason.code == Errc::kBusy)
    tell(entry, v1::StageProgressed::STATE_STARTED, reason.message);
  else
    spdlog::warn("event {} waits: {}", to_string(entry.event()), reason.message);
}

// The stage's own work, or the fact unchanged when it is not this stage's. An error: not just now.
Result<Effect> WorkerLoop::effect_of(const Entry& entry, const v1::Event& fact) {
  if (!handler_.wants(fact.fact_case())) return Effect{std::nullopt, std::string(entry.fact()), {}};
  if (!waits_.contains(entry.listener.value)) tell(entry, v1::StageProgressed::STATE_STARTED, "");
  const Known& known = known_.at(entry.listener.value);
  auto effect = handler_.handle({entry.listener, entry.sequence, entry.event(), fact, known.state});
  if (effect || effect.error().code == Errc::kUnavailable || effect.error().code == Errc::kBusy)
    return effect;
  const std::string& reason = effect.error().message;
  spdlog::info("event {} refused: {}", to_string(entry.event()), reason);
  return Effect{std::nullopt, refusal(entry, reason, false), reason};
}

void WorkerLoop::commit(const std::vector<Computed>& computed) {
  if (computed.empty()) return;
  if (const Status durable = handler_.flush(); !durable) {
    spdlog::critical("stopping, for what is on the disk is unknown: {}", durable.error().message);
    std::abort();
  }
  std::vector<RedisCommand> commands;
  for (const Computed& c : computed)
    commands.push_back(handoff::commit(c.entry, c.state, with_id(c.entry, c.output)));
  const auto replies = ports_.store.roundtrip(std::move(commands));
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const auto done = handoff::committed(replies[i]);
    if (done && done->outcome == Outcome::kDone)
      pass_on(computed[i], done->next_id);
    else
      lost(computed[i], done);
  }
}

// Somebody else was first, or the outcome is unknown: what Redis holds is what counts.
void WorkerLoop::lost(const Computed& computed, const Result<handoff::Committed>& outcome) {
  const Entry& entry = computed.entry;
  doubted_.insert(entry.listener.value);
  if (!outcome) return check(std::unexpected(outcome.error()));
  if (outcome->outcome == Outcome::kGap) intake_.mark_dirty(partition_of(entry.listener));
  if (outcome->outcome == Outcome::kForged)
    spdlog::warn("a frame for event {} was not its entry's and was dropped",
                 to_string(entry.event()));
}

// A message carries its event id in front; an answer is a message of its own.
std::string WorkerLoop::with_id(const Entry& entry, const std::string& output) const {
  return last() ? output : handoff::message(entry.event(), output);
}

std::string WorkerLoop::refusal(const Entry& entry, const std::string& reason, bool poison) const {
  v1::EventRefused refused;
  refused.set_listener(entry.listener.value);
  refused.set_stage(std::string(name(stage_)));
  refused.set_reason(reason);
  refused.set_poison(poison);
  if (!last()) {
    v1::Event event;
    *event.mutable_event_refused() = std::move(refused);
    return event.SerializeAsString();
  }
  v1::BatchRecorded answer;
  answer.set_listener(entry.listener.value);
  answer.set_sequence(entry.sequence);
  answer.set_event_id(std::string(as_bytes(entry.event())));
  *answer.mutable_refused() = std::move(refused);
  return answer.SerializeAsString();
}

void WorkerLoop::pass_on(const Computed& done, const std::string& next_id) {
  tell(done.entry, v1::StageProgressed::STATE_DONE, done.detail);
  if (last()) {
    v1::Notice notice;
    if (notice.mutable_recorded()->ParseFromString(done.output))
      ports_.carrier.publish(done.entry.listener, notice);
    return;
  }
  const Entry onward{*next(stage_), next_id, done.entry.listener, done.entry.sequence,
                     with_id(done.entry, done.output)};
  if (!ports_.carrier.send(onward) && refresh_.due()) {
    membership_.find_next();
    ports_.carrier.send(onward);
  }
}

void WorkerLoop::tell(const Entry& entry, v1::StageProgressed::State state,
                      const std::string& detail) {
  v1::Notice notice;
  v1::StageProgressed& progressed = *notice.mutable_progressed();
  progressed.set_listener(entry.listener.value);
  progressed.set_sequence(entry.sequence);
  progressed.set_event_id(std::string(as_bytes(entry.event())));
  progressed.set_stage(std::string(name(stage_)));
  progressed.set_state(state);
  progressed.set_detail(detail);
  ports_.carrier.publish(entry.listener, notice);
}

void WorkerLoop::check(const Status& status) {
  if (status) return;
  all_doubted_ = true;
  spdlog::warn("{}", status.error().message);
  ports_.clock.pause(kRetryStoreAfter);
}

}  // namespace groove
