#include "tests/simulation/house.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "workers/base/check.h"
#include "workers/envelope.h"
#include "workers/kept_events.h"
#include "workers/rendezvous.h"

namespace groove::simulation {
namespace {

using handoff::Entry;
using handoff::Member;
using std::chrono::milliseconds;

constexpr std::size_t kTurnsToRest = 400'000;
constexpr milliseconds kRestartAfter(40);

// A chained hash: what an event does to a listener's state, so that order, loss and repetition all
// show.
std::string chain(std::string_view before, std::string_view word) {
  return fmt::format("{:016x}", hash_text(std::string(before).append("|").append(word)));
}

struct Record {
  std::string event;
  std::uint64_t listener = 0, sequence = 0;
  std::string content;
};

// The ledger's disk: what was synced survives, what was not is gone.
struct Disk {
  std::vector<Record> synced;
};

class SimHandler final : public Handler {
 public:
  SimHandler(Stage stage, Disk& disk, bool sync_late)
      : stage_(stage), disk_(disk), sync_late_(sync_late), records_(disk.synced) {}

  bool wants(v1::Event::FactCase fact) const override {
    switch (stage_) {
      case Stage::kFetch:
        return fact == v1::Event::kLoginAccepted;
      case Stage::kCluster:
        return fact == v1::Event::kListeningFetched;
      case Stage::kScore:
        return fact == v1::Event::kTasteClustered || fact == v1::Event::kFeedbackGiven;
      case Stage::kLedger:
        return fact == v1::Event::kBatchScored || fact == v1::Event::kEventRefused;
    }
    return false;
  }

  Result<Effect> handle(const Work& work) override {
    const std::string word = word_of(work.fact);
    if (stage_ == Stage::kScore && word.starts_with("poison")) throw Killed();
    if (stage_ == Stage::kLedger) return record(work);
    Effect effect;
    if (stage_ == Stage::kScore) effect.state = chain(work.state, word);
    effect.output = onward(word, effect.state.value_or("")).SerializeAsString();
    return effect;
  }

  Status flush() override {
    if (!sync_late_) sync();
    return {};
  }
  void tick() override { sync(); }

 private:
  // A frame that was changed on its way may parse and say nothing.
  static std::string word_of(const v1::Event& fact) {
    const auto first = [](const auto& words) { return words.empty() ? std::string() : words[0]; };
    if (fact.has_login_accepted())
      return first(fact.login_accepted().basis().picked_songs().song_ids());
    if (fact.has_listening_fetched()) return first(fact.listening_fetched().missing());
    if (fact.has_taste_clustered()) return first(fact.taste_clustered().missing());
    if (fact.feedback_given().verdicts().empty()) return "";
    return fact.feedback_given().verdicts(0).song_id();
  }

  v1::Event onward(const std::string& word, const std::string& state) const {
    v1::Event event;
    if (stage_ == Stage::kFetch) event.mutable_listening_fetched()->add_missing(word);
    if (stage_ == Stage::kCluster) event.mutable_taste_clustered()->add_missing(word);
    if (stage_ == Stage::kScore) event.mutable_batch_scored()->add_learned(state);
    return event;
  }

  void sync() {
    if (stage_ == Stage::kLedger) disk_.synced = records_;
  }

  Result<Effect> record(const Work& work) {
    const std::string event(as_bytes(work.event));
    const auto& learned = work.fact.batch_scored().learned();
    const std::string content = learned.empty() ? "refused" : learned[0];
    auto known = std::ranges::find(records_, event, &Record::event);
    if (known == records_.end())
      known = records_.insert(known, {event, work.listener.value, work.sequence, content});
    v1::BatchRecorded answer;
    answer.set_sequence(work.sequence);
    answer.set_event_id(event);
    if (work.fact.has_event_refused())
      *answer.mutable_refused() = work.fact.event_refused();
    else
      answer.mutable_batch()->add_learned(known->content);
    return Effect{std::nullopt, answer.SerializeAsString(), {}};
  }

  Stage stage_;
  Disk& disk_;
  bool sync_late_;
  std::vector<Record> records_;
};

class House {
 public:
  explicit House(const Plan& plan)
      : plan_(plan),
        dice_(plan.seed),
        store_([this] { return fibers_.unix_us() / 1000; }, plan.mutant),
        fibers_(dice_) {}

  Outcome run() {
    began_us_ = fibers_.unix_us();
    for (const Stage stage : kStages)
      for (std::size_t n = 1; n <= (stage == Stage::kLedger ? 1 : plan_.workers); ++n)
        hire(stage, n);
    for (std::size_t n = 0; n < plan_.gateways; ++n) open_gateway();
    for (std::size_t n = 0; n < plan_.listeners; ++n) listen(n);
    for (std::size_t turn = 0; turn < plan_.faulty_turns; ++turn) {
      maybe_kill();
      maybe_roll_back();
      maybe_cut_power();
      supervise();
      fibers_.turn();
    }
    faulty_ = false;
    come_to_rest();
    outcome_.took_us = fibers_.unix_us() - began_us_;
    judge();
    return std::move(outcome_);
  }

 private:
  struct Job {
    Stage stage;
    Member self;
    std::optional<Fibers::Id> fiber;
    std::int64_t back_at_us = 0;
    std::deque<std::string> inbox;
  };
  struct Said {
    EventId id;
    std::string word;
    std::uint64_t sequence = 0;  // 0: not accepted yet
  };

  // A store seen by one fiber: others run between any two commands; it may be away, before or after
  // the deed.
  class SimStore final : public Store {
   public:
    explicit SimStore(House& house) : house_(house) {}
    using Store::roundtrip;
    std::vector<Result<RedisReply>> roundtrip(std::vector<RedisCommand> commands) override {
      std::vector<Result<RedisReply>> replies;
      // A connection that broke while nothing was asked is made anew, and nobody hears of it.
      if (house_.dice_.chance(500)) link_ = house_.link_;
      bool away = false;
      for (const RedisCommand& command : commands) {
        if (house_.dice_.chance(300)) house_.fibers_.yield();
        const bool before = !away && house_.fault(house_.plan_.store_fault_permille);
        away = away || before || link_ != house_.link_;  // what was said on a broken link is lost
        Result<RedisReply> reply = fail(Errc::kUnavailable, "the store is away");
        if (!away) reply = house_.store_.execute(command);
        if (!away && house_.fault(house_.plan_.store_fault_permille)) {
          away = true;  // done, but nobody hears of it
          reply = fail(Errc::kUnavailable, "the store went away");
        }
        replies.push_back(std::move(reply));
      }
      link_ = house_.link_;
      house_.fibers_.yield();
      return replies;
    }

   private:
    House& house_;
    std::uint64_t link_ = house_.link_;
  };

  // One gateway: accepts, keeps what it accepted, and says it again on a new link.
  struct SimGateway {
    KeptEvents kept;
    std::uint64_t link = 0;
  };

  class SimCarrier final : public Carrier {
   public:
    SimCarrier(House& house, Job& job) : house_(house), job_(job) {}
    std::optional<std::string> receive(milliseconds wait) override {
      if (!house_.fibers_.wait(wait, [this] { return !job_.inbox.empty(); })) return std::nullopt;
      const std::size_t at = house_.faulty_ ? house_.dice_.below(job_.inbox.size()) : 0;
      std::string frame = job_.inbox[at];
      job_.inbox.erase(job_.inbox.begin() + static_cast<std::ptrdiff_t>(at));
      return frame;
    }
    void set_next(const std::vector<Member>& members) override { next_ = members; }
    bool send(const Entry& entry) override { return house_.send(entry, next_); }
    void publish(ListenerId, const v1::Notice&) override {}

   private:
    House& house_;
    Job& job_;
    std::vector<Member> next_;
  };

  // Whether a fault happens now; counted, so that a broken schedule can be shrunk.
  bool fault(std::uint32_t permille) {
    if (!faulty_ || !dice_.chance(permille)) return false;
    if (plan_.faults_max && outcome_.faults >= *plan_.faults_max) return false;
    ++outcome_.faults;
    return true;
  }

  void hire(Stage stage, std::size_t n) {
    const std::string own_name = fmt::format("{}-{}", name(stage), n);
    jobs_.push_back(std::make_unique<Job>(
        Job{stage, {own_name, "sim:" + own_name, "sim:" + own_name}, {}, 0, {}}));
  }

  std::vector<std::uint32_t> partitions() const {
    std::set<std::uint32_t> all;
    for (std::size_t n = 0; n < plan_.listeners; ++n) all.insert(partition_of(listener(n)));
    return plan_.no_pull ? std::vector<std::uint32_t>()
                         : std::vector<std::uint32_t>(all.begin(), all.end());
  }

  void supervise() {
    for (const auto& job : jobs_) {
      if (job->fiber && fibers_.alive(*job->fiber)) continue;
      if (job->fiber) {
        job->fiber.reset();
        job->inbox.clear();  // what lay in the process's sockets died with it
        job->back_at_us = fibers_.unix_us() + kRestartAfter.count() * 1000;
      }
      if (fibers_.unix_us() >= job->back_at_us)
        job->fiber = fibers_.start([this, &job = *job] { work(job); });
    }
  }

  void work(Job& job) {
    SimStore store(*this);
    SimCarrier carrier(*this, job);
    SimHandler handler(job.stage, disk_, plan_.ledger_removes_first && job.stage == Stage::kLedger);
    WorkerLoop loop(job.stage, job.self, job.stage == Stage::kLedger && !plan_.no_pull,
                    {store, carrier, fibers_, [] { return false; }, partitions()}, handler);
    loop.run();
  }

  void maybe_kill() {
    if (!fault(plan_.kill_permille)) return;
    const auto& job = jobs_[dice_.below(jobs_.size())];
    if (job->fiber) fibers_.kill(*job->fiber);
  }

  // A primary died and its replica had not heard the last moments: a prefix is left.
  void maybe_roll_back() {
    if (plan_.rollback_permille == 0) return;
    remember_a_moment();
    if (past_ && fault(plan_.rollback_permille)) fall_back();
  }
  void remember_a_moment() {
    if (dice_.chance(60)) past_ = store_;
  }
  void fall_back() {
    store_ = *past_;
    ++link_;
  }

  // The whole host goes dark, once: a worker that dies four times over one entry calls it poison.
  // Gateways forget what they kept; only disks remember.
  void maybe_cut_power() {
    if (plan_.power_cut_permille == 0 || dark_) return;
    remember_a_moment();
    if (!past_ || !fault(plan_.power_cut_permille)) return;
    dark_ = true;
    for (const auto& job : jobs_)
      if (job->fiber) fibers_.kill(*job->fiber);
    for (const auto& gateway : gateways_) gateway->kept = KeptEvents();
    ++link_;
    if (plan_.sync_everysec) fall_back();
  }

  void open_gateway() {
    gateways_.push_back(std::make_unique<SimGateway>());
    fibers_.start([this, &gateway = *gateways_.back()] {
      SimStore store(*this);
      while (true) {
        fibers_.pause(milliseconds(10));
        say_kept_again(store, gateway, gateway.kept.overdue(fibers_.steady()));
        (void)gateway.kept.forget(fibers_.steady());
      }
    });
  }

  // Before anything else on a new link, as the gateway does.
  void mind_link(SimGateway& gateway) {
    if (std::exchange(gateway.link, link_) == link_) return;
    for (const KeptEvent& event : gateway.kept.all()) said_again(gateway, event, again(event));
  }

  void say_kept_again(SimStore& store, SimGateway& gateway, const std::vector<KeptEvent>& events) {
    mind_link(gateway);
    for (const KeptEvent& event : events)
      said_again(gateway, event, store.roundtrip(again_command(event)));
  }

  static RedisCommand again_command(const KeptEvent& event) {
    return handoff::accept_again(event.listener, event.first, event.message, event.sequence,
                                 event.in_turn);
  }
  Result<RedisReply> again(const KeptEvent& event) { return store_.execute(again_command(event)); }

  void said_again(SimGateway& gateway, const KeptEvent& event, const Result<RedisReply>& reply) {
    if (plan_.say_nothing_again) return;
    const auto done = handoff::accepted(reply, event.listener, event.message);
    if (!done) return;
    if (done->sequence != event.sequence) gateway.kept.drop(event);
    gateway.kept.keep({event.listener, done->sequence, event.first, event.message},
                      fibers_.steady());
    if (done->recorded)
      gateway.kept.recorded(event.listener, done->sequence, event.message.substr(0, 16));
  }

  ListenerId listener(std::size_t n) const { return {100 + n}; }

  // One listener's browser and gateway: says one thing after another, the same again when it hears
  // nothing.
  void listen(std::size_t n) {
    std::vector<Said>& said = said_[n];
    for (std::size_t i = 0; i < plan_.events; ++i) {
      Said each;
      each.id.bytes = {static_cast<std::uint8_t>(n + 1), static_cast<std::uint8_t>(i + 1)};
      each.word =
          fmt::format("{}{}.{}", dice_.chance(plan_.poison_permille) ? "poison" : "word", n, i);
      said.push_back(each);
    }
    fibers_.start([this, n] {
      SimStore store(*this);
      for (std::size_t i = 0; i < plan_.events; ++i)
        say(store, n, said_[n][i], i == 0 || dice_.chance(300));
    });
  }

  void say(SimStore& store, std::size_t n, Said& said, bool login) {
    v1::Event event;
    if (login)
      event.mutable_login_accepted()->mutable_basis()->mutable_picked_songs()->add_song_ids(
          said.word);
    else
      event.mutable_feedback_given()->add_verdicts()->set_song_id(said.word);
    const std::string text = handoff::message(said.id, event.SerializeAsString());
    const Stage first = login ? Stage::kFetch : Stage::kScore;
    bool sure = false;
    while (!sure) {
      SimGateway& gateway = *gateways_[dice_.below(gateways_.size())];
      mind_link(gateway);
      const std::uint64_t link = link_;
      const auto done = handoff::accepted(
          store.roundtrip(handoff::accept(listener(n), first, text)), listener(n), text);
      if (!done) {
        fibers_.pause(milliseconds(10));
        continue;
      }
      if (said.sequence != 0 && said.sequence != done->sequence)
        violate("an event id got two sequence numbers");
      said.sequence = done->sequence;
      if (!done->recorded && !plan_.say_nothing_again)
        gateway.kept.keep({listener(n), done->sequence, first, text}, fibers_.steady());
      gateway.link =
          std::min(gateway.link, link);  // a link's replies come before it is seen broken
      if (done->entry) send(*done->entry, members(done->entry->stage));
      sure = !fault(100);  // the 202 was lost on its way: the browser says it again
    }
  }

  std::vector<Member> members(Stage stage) const {
    std::vector<Member> all;
    for (const auto& job : jobs_)
      if (job->stage == stage) all.push_back(job->self);
    return all;
  }

  bool send(const Entry& entry, const std::vector<Member>& to) {
    if (to.empty()) return false;
    std::vector<std::string> names;
    for (const Member& member : to) names.push_back(member.name);
    const Member& owner = to[owner_of(partition_of(entry.listener), names)];
    const std::string& reached = plan_.push_in_turn ? to[turn_++ % to.size()].name : owner.name;
    std::string frame = encode_frame(entry, handoff::target_of(owner));
    if (fault(plan_.loss_permille)) return true;  // ZeroMQ never says so
    if (fault(plan_.stray_permille)) stray(frame, entry);
    if (fault(plan_.double_permille)) deliver(reached, frame);
    deliver(reached, std::move(frame));
    return true;
  }

  // The frame reaches somebody else too, under his own name, and perhaps changed on the way.
  void stray(std::string frame, Entry entry) {
    const auto& job = jobs_[dice_.below(jobs_.size())];
    if (dice_.chance(500)) {
      frame[dice_.below(frame.size())] ^= static_cast<char>(1 << dice_.below(8));
    } else {
      entry.stage = job->stage;
      if (dice_.chance(300)) ++entry.sequence;
      if (dice_.chance(300)) entry.listener = listener(dice_.below(plan_.listeners));
      if (dice_.chance(300)) entry.message.back() ^= 1;
      frame = encode_frame(entry, handoff::target_of(job->self));
    }
    job->inbox.push_back(std::move(frame));
  }

  void deliver(const std::string& to, std::string frame) {
    for (const auto& job : jobs_)
      if (job->self.name == to && job->fiber) job->inbox.push_back(std::move(frame));
  }

  bool rested() const {
    if (store_.unconsumed() != 0) return false;
    for (const auto& [n, said] : said_) {
      for (const Said& each : said)
        if (each.sequence == 0) return false;
      if (version(n, Stage::kLedger) != std::to_string(said.size())) return false;
    }
    return true;
  }

  std::string version(std::size_t n, Stage stage) const {
    return store_.field(
        fmt::format("{{p{:03}}}:u:{}", partition_of(listener(n)), to_string(listener(n))),
        fmt::format("v:{}", name(stage)));
  }

  void come_to_rest() {
    std::size_t turns = 0;
    while (!rested() && turns++ < kTurnsToRest) {
      supervise();
      fibers_.turn();
    }
    if (!rested())
      violate(fmt::format("it never came to rest, {} entries are stuck", store_.unconsumed()));
  }

  void violate(const std::string& what) {
    if (!std::ranges::count(outcome_.violations, what)) outcome_.violations.push_back(what);
  }

  // What must hold whatever was killed, lost, doubled or changed.
  void judge() {
    std::size_t poisoned = 0;
    for (const auto& [n, said] : said_) {
      judge_listener(n, said);
      for (const Said& each : said) poisoned += each.word.starts_with("poison");
      outcome_.accepted += said.size();
    }
    if (store_.counted_attempts() != 0) violate("a count of attempts outlived its entry");
    if (store_.dead_letters() != poisoned) violate("the dead letters are not the poisoned events");
    std::set<std::string> events;
    for (const Record& record : disk_.synced)
      if (!events.insert(record.event).second) violate("the ledger holds an event twice");
    if (disk_.synced.size() != outcome_.accepted)
      violate(
          fmt::format("the ledger holds {} of {} events", disk_.synced.size(), outcome_.accepted));
  }

  void judge_listener(std::size_t n, const std::vector<Said>& said) {
    const std::string key =
        fmt::format("{{p{:03}}}:u:{}", partition_of(listener(n)), to_string(listener(n)));
    const std::string answers =
        fmt::format("{{p{:03}}}:out:{}", partition_of(listener(n)), to_string(listener(n)));
    std::string state;
    for (std::size_t i = 0; i < said.size(); ++i) {
      if (said[i].sequence != i + 1) violate("accepted sequences have a hole or a repeat");
      const bool poison = said[i].word.starts_with("poison");
      if (!poison) state = chain(state, said[i].word);
      v1::BatchRecorded answer;
      const std::string bytes = store_.field(answers, std::to_string(i + 1));
      if (bytes.empty() || !answer.ParseFromString(bytes))
        violate("an accepted event has no answer");
      else if (poison != answer.has_refused())
        violate("an answer is of the wrong kind");
      else if (!poison && (answer.batch().learned().empty() || answer.batch().learned(0) != state))
        violate("an answer is not the fold of its events");
    }
    if (store_.field(key, "st:score") != state)
      violate("the state is not the fold of the accepted events");
    for (const Stage stage : kStages)
      if (version(n, stage) != std::to_string(said.size()))
        violate(fmt::format("the version at {} is not the last sequence", name(stage)));
  }

  Plan plan_;
  Dice dice_;
  Outcome outcome_;
  std::int64_t began_us_ = 0;
  bool faulty_ = true;
  bool dark_ = false;
  Disk disk_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::map<std::size_t, std::vector<Said>> said_;
  ModelStore store_;
  std::optional<ModelStore> past_;
  std::size_t turn_ = 0;
  std::uint64_t link_ = 0;  // raised when the store loses something: all connections are new then
  std::vector<std::unique_ptr<SimGateway>> gateways_;
  Fibers fibers_;  // after what the fibers use, so that they end first
};

}  // namespace

Outcome run(const Plan& plan) { return House(plan).run(); }

Plan shrink(Plan plan) {
  std::size_t broken = run(plan).faults,
              whole = 0;  // with `broken` faults it breaks, with `whole` it may not
  while (whole + 1 < broken) {
    const std::size_t middle = whole + (broken - whole) / 2;
    plan.faults_max = middle;
    (run(plan).violations.empty() ? whole : broken) = middle;
  }
  plan.faults_max = broken;
  return plan;
}

std::string describe(const Plan& plan, const Outcome& outcome) {
  std::string text = fmt::format("seed {}, {} faults", plan.seed, outcome.faults);
  for (const std::string& violation : outcome.violations) text += "; " + violation;
  return text;
}

}  // namespace groove::simulation
