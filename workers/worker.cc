#include "workers/worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <thread>
#include <unordered_map>
#include <zmq.hpp>

#include "workers/base/limits.h"
#include "workers/bus.h"
#include "workers/handoff.h"
#include "workers/intake.h"
#include "workers/membership.h"
#include "workers/redis.h"
#include "workers/shutdown.h"
#include "workers/ticker.h"

namespace groove {
namespace {

using handoff::Entry;
using handoff::Outcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kListenersCachedMax = 10'000;
constexpr auto kRefreshAtMost = milliseconds(50);
constexpr auto kRetryRedisAfter = milliseconds(100);

v1::Event refusal(const Entry& entry, const std::string& reason, bool poison) {
  v1::Event event;
  v1::EventRefused& refused = *event.mutable_event_refused();
  refused.set_listener(entry.listener.value);
  refused.set_stage(std::string(name(entry.stage)));
  refused.set_reason(reason);
  refused.set_poison(poison);
  return event;
}

class WorkerLoop {
 public:
  WorkerLoop(const WorkerOptions& options, RedisAddress redis, Handler& handler)
      : options_(options),
        handler_(handler),
        redis_(io_, std::move(redis)),
        inbox_(context_, options.places.inbox(options.name)),
        notices_(context_, options.places.notices(options.name)),
        sender_(context_),
        membership_(redis_, sender_, options.stage,
                    {options.name, options.places.inbox(options.name),
                     options.places.notices(options.name)}),
        intake_(redis_, inbox_, options.stage, target_of(membership_.self()),
                options.durable_only) {}

  void run() {
    while (!stop_requested() && !membership_.beat()) std::this_thread::sleep_for(kRetryRedisAfter);
    spdlog::info("ready: stage {}, bus {}", name(options_.stage), membership_.self().endpoint);
    pull_first();
    while (!stop_requested()) round();
    drain();
  }

 private:
  // What this worker knows of a listener at its stage; forgotten as soon as anything contradicts
  // it.
  struct Known {
    std::uint64_t version = 0;
    std::string state;
  };
  // An entry that was computed and waits for its commit.
  struct Computed {
    Entry entry;
    std::optional<std::string> state;
    std::string output;  // what goes on, without the event id
    std::string detail;
  };

  void round() {
    std::vector<Entry> entries = intake_.frames(pull_own_.left());
    process(std::move(entries));
    pull_dirty();
    if (beat_.due()) {
      if (const Status beat = membership_.beat(); !beat) redis_failed(beat.error());
    }
    if (pull_own_.due()) {
      handler_.tick();
      pull(membership_.owned_partitions(), limits::kPullOwnEvery);
    }
    if (pull_all_.due()) pull(all_partitions(), limits::kPullAllEvery);
  }

  // --- where entries come from
  // --------------------------------------------------------------------

  void pull(const std::vector<std::uint32_t>& partitions, milliseconds older_than) {
    const Status pulled = intake_.pull(partitions, older_than, [this](std::vector<Entry> entries) {
      take_pulled(std::move(entries), /*suspicious=*/false);
    });
    if (!pulled) redis_failed(pulled.error());
  }

  // What lies there at the start may be what killed the worker before.
  void pull_first() {
    const Status pulled =
        intake_.pull(all_partitions(), milliseconds(0), [this](std::vector<Entry> entries) {
          take_pulled(std::move(entries), /*suspicious=*/true);
        });
    if (!pulled) redis_failed(pulled.error());
  }

  void pull_dirty() {
    const Status pulled = intake_.pull_dirty([this](std::vector<Entry> entries) {
      take_pulled(std::move(entries), /*suspicious=*/false);
    });
    if (!pulled) redis_failed(pulled.error());
  }

  // Entries that lay long, or lay there when this worker started, may be what killed the last one.
  void take_pulled(std::vector<Entry> entries, bool suspicious) {
    const auto innocent = std::stable_partition(
        entries.begin(), entries.end(),
        [&](const Entry& e) { return suspicious || age(e) > limits::kSuspiciousAge; });
    std::vector<Entry> fresh(std::make_move_iterator(innocent),
                             std::make_move_iterator(entries.end()));
    entries.erase(innocent, entries.end());
    process_suspects(std::move(entries));
    process(std::move(fresh));
  }

  // --- poison
  // ---------------------------------------------------------------------------------------

  // A first try is made together; one that was tried before is tried alone and counted right
  // before, so only the entry that kills its worker goes on counting, and past kAttemptsMax it is
  // dead.
  void process_suspects(std::vector<Entry> entries) {
    if (entries.empty()) return;
    std::vector<RedisCommand> commands;
    for (const Entry& entry : entries) commands.push_back(handoff::read_attempts(entry));
    const auto replies = redis_.roundtrip(std::move(commands));
    std::vector<Entry> untried;
    commands.clear();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto count = handoff::attempts(replies[i]);
      if (!count) return redis_failed(count.error());
      if (*count == 0) {
        commands.push_back(handoff::attempt(entries[i]));
        untried.push_back(std::move(entries[i]));
        continue;
      }
      try_untried(commands, untried);
      try_alone(entries[i], *count);
    }
    try_untried(commands, untried);
  }

  void try_untried(std::vector<RedisCommand>& commands, std::vector<Entry>& untried) {
    redis_.roundtrip(std::exchange(commands, {}));
    process(std::exchange(untried, {}));
  }

  void try_alone(const Entry& entry, std::uint64_t attempts) {
    if (attempts >= limits::kAttemptsMax) return bury(entry, "it ended its worker again and again");
    redis_.roundtrip(handoff::attempt(entry));
    process({entry});
  }

  void bury(const Entry& entry, const std::string& reason) {
    const v1::Event refused =
        refusal(entry, "Something in this request broke Groove; it was set aside.", true);
    const std::string output = output_of(entry, refused);
    const auto done =
        handoff::committed(redis_.roundtrip(handoff::dead(entry, reason, with_id(entry, output))));
    doubted_.insert(entry.listener.value);
    if (!done) return redis_failed(done.error());
    spdlog::error("event {} is dead at stage {}: {}", to_string(entry.event()),
                  name(options_.stage), reason);
    if (done->outcome == Outcome::kDone) pass_on({entry, {}, output, "set aside"}, done->next_id);
  }

  // --- the work
  // --------------------------------------------------------------------------------------

  void process(std::vector<Entry> entries) {
    if (entries.empty()) return;
    if (!learn_listeners(entries)) return;
    std::vector<Computed> computed;
    std::set<std::uint64_t> held;  // listeners whose next event must wait
    for (Entry& entry : entries) {
      if (held.contains(entry.listener.value)) continue;
      if (!is_next(entry)) continue;
      if (!compute(entry, computed)) held.insert(entry.listener.value);
    }
    commit(computed);
  }

  // One round for the listeners that are not known yet. The owner keeps them, so usually none.
  bool learn_listeners(const std::vector<Entry>& entries) {
    forget_doubted();
    std::vector<ListenerId> unknown;
    std::vector<RedisCommand> commands;
    for (const Entry& entry : entries) {
      if (known_.contains(entry.listener.value) || std::ranges::count(unknown, entry.listener))
        continue;
      unknown.push_back(entry.listener);
      commands.push_back(handoff::read_state(entry.listener, options_.stage));
    }
    const auto replies = redis_.roundtrip(std::move(commands));
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      auto state = handoff::state(replies[i]);
      if (!state) {
        redis_failed(state.error());
        return false;
      }
      known_[unknown[i].value] = {state->version, std::move(state->state)};
    }
    return true;
  }

  void forget_doubted() {
    if (std::exchange(all_doubted_, false) || known_.size() > kListenersCachedMax) known_.clear();
    for (const std::uint64_t listener : std::exchange(doubted_, {})) known_.erase(listener);
  }

  bool is_next(const Entry& entry) {
    const std::uint64_t version = known_.at(entry.listener.value).version;
    if (entry.sequence == version + 1) return true;
    if (entry.sequence > version + 1) {
      // An earlier one is in Redis, or another worker went on while we looked away: look again.
      // Once: what a pull brings is all there is.
      doubted_.insert(entry.listener.value);
      intake_.mark_dirty(partition_of(entry.listener));
    }
    return false;
  }

  // False when it could not be done just now.
  bool compute(Entry& entry, std::vector<Computed>& computed) {
    v1::Event fact;
    if (!fact.ParseFromArray(entry.fact().data(), static_cast<int>(entry.fact().size()))) {
      bury(entry, "decode");
      return false;
    }
    Known& known = known_.at(entry.listener.value);
    Effect effect;
    if (!handler_.wants(fact.fact_case())) {
      effect.output = std::string(entry.fact());
    } else {
      tell(entry, v1::StageProgressed::STATE_STARTED, "");
      auto handled =
          handler_.handle({entry.listener, entry.sequence, entry.event(), fact, known.state});
      if (!handled && handled.error().code == Errc::kUnavailable) {
        wait_for_better(entry, handled.error());
        return false;
      }
      effect = handled ? std::move(*handled) : refused(entry, handled.error());
    }
    ++known.version;
    if (effect.state) known.state = *effect.state;
    computed.push_back({std::move(entry), std::move(effect.state), std::move(effect.output),
                        std::move(effect.detail)});
    return true;
  }

  Effect refused(const Entry& entry, const Error& error) {
    spdlog::info("event {} refused: {}", to_string(entry.event()), error.message);
    return {std::nullopt, output_of(entry, refusal(entry, error.message, false)), error.message};
  }

  void wait_for_better(const Entry& entry, const Error& error) {
    spdlog::warn("event {} waits: {}", to_string(entry.event()), error.message);
    redis_.roundtrip(handoff::forgive(entry));
  }

  void commit(std::vector<Computed>& computed) {
    if (computed.empty()) return;
    if (const Status durable = handler_.flush(); !durable) {
      spdlog::critical("stopping, for what is on the disk is unknown: {}", durable.error().message);
      std::abort();
    }
    std::vector<RedisCommand> commands;
    for (const Computed& c : computed)
      commands.push_back(handoff::commit(c.entry, c.state, with_id(c.entry, c.output)));
    const auto replies = redis_.roundtrip(std::move(commands));
    for (std::size_t i = 0; i < computed.size(); ++i) {
      const auto done = handoff::committed(replies[i]);
      if (done && done->outcome == Outcome::kDone) {
        pass_on(computed[i], done->next_id);
        continue;
      }
      // Somebody else was first, or the outcome is unknown: what Redis holds is what counts.
      doubted_.insert(computed[i].entry.listener.value);
      if (!done)
        redis_failed(done.error());
      else
        lost_race(computed[i].entry, done->outcome);
    }
  }

  void lost_race(const Entry& entry, Outcome outcome) {
    if (outcome == Outcome::kGap) intake_.mark_dirty(partition_of(entry.listener));
    if (outcome == Outcome::kForged)
      spdlog::warn("a frame for event {} was not its entry's and was dropped",
                   to_string(entry.event()));
  }

  // --- what goes on
  // ------------------------------------------------------------------------------------

  bool last() const { return options_.stage == kLastStage; }

  // A message carries its event id in front; an answer is a message of its own.
  std::string with_id(const Entry& entry, const std::string& output) const {
    return last() ? output : handoff::message(entry.event(), output);
  }

  std::string output_of(const Entry& entry, const v1::Event& event) const {
    if (!last()) return event.SerializeAsString();
    v1::BatchRecorded answer;
    answer.set_listener(entry.listener.value);
    answer.set_sequence(entry.sequence);
    answer.set_event_id(std::string(as_bytes(entry.event())));
    *answer.mutable_refused() = event.event_refused();
    return answer.SerializeAsString();
  }

  void pass_on(const Computed& done, const std::string& next_id) {
    tell(done.entry, v1::StageProgressed::STATE_DONE, done.detail);
    if (last()) {
      v1::Notice notice;
      if (notice.mutable_recorded()->ParseFromString(done.output))
        notices_.publish(done.entry.listener, notice);
      return;
    }
    const Entry onward{*next(options_.stage), next_id, done.entry.listener, done.entry.sequence,
                       with_id(done.entry, done.output)};
    if (!sender_.send(onward) && refresh_.due()) {
      membership_.find_next();
      sender_.send(onward);
    }
  }

  void tell(const Entry& entry, v1::StageProgressed::State state, const std::string& detail) {
    v1::Notice notice;
    v1::StageProgressed& progressed = *notice.mutable_progressed();
    progressed.set_listener(entry.listener.value);
    progressed.set_sequence(entry.sequence);
    progressed.set_event_id(std::string(as_bytes(entry.event())));
    progressed.set_stage(std::string(name(options_.stage)));
    progressed.set_state(state);
    progressed.set_detail(detail);
    notices_.publish(entry.listener, notice);
  }

  void redis_failed(const Error& error) {
    all_doubted_ = true;
    spdlog::warn("{}", error.message);
    std::this_thread::sleep_for(kRetryRedisAfter);
  }

  // Leaves first, so that nobody sends here any more, then finishes what came.
  void drain() {
    membership_.leave();
    const auto deadline = steady_clock::now() + limits::kDrainDeadline;
    while (steady_clock::now() < deadline) {
      std::vector<Entry> entries = intake_.frames(milliseconds(0));
      if (entries.empty()) break;
      process(std::move(entries));
    }
    spdlog::info("stopped; what is unfinished is in Redis");
  }

  const WorkerOptions& options_;
  Handler& handler_;
  boost::asio::io_context io_;
  Redis redis_;
  zmq::context_t context_;
  BusInbox inbox_;
  NoticePublisher notices_;
  BusSender sender_;
  Membership membership_;
  Intake intake_;
  std::unordered_map<std::uint64_t, Known> known_;
  std::set<std::uint64_t> doubted_;  // listeners to read anew
  bool all_doubted_ = false;
  Ticker beat_{limits::kRegistrationBeat}, pull_own_{limits::kPullOwnEvery},
      pull_all_{limits::kPullAllEvery}, refresh_{kRefreshAtMost};
};

}  // namespace

int run_worker(const WorkerOptions& options, Handler& handler) {
  auto redis = RedisAddress::parse(options.places.redis);
  if (!redis) {
    spdlog::critical("{}", redis.error().message);
    return 2;
  }
  std::filesystem::create_directories(options.places.run);
  WorkerLoop(options, std::move(*redis), handler).run();
  return 0;
}

}  // namespace groove
