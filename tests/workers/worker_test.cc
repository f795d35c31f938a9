// The worker loop in real child processes, killed for real, over a real Redis.
#include "workers/worker.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <thread>

#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/durable_file.h"
#include "workers/handoff.h"
#include "workers/redis.h"
#include "workers/shutdown.h"

namespace groove {
namespace {

using namespace std::chrono_literals;

constexpr ListenerId kAda{42};

EventId event_id(std::uint64_t n) {
  EventId id;
  for (int i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return id;
}

// Appends its stage's name to the listener's state; dies, waits or refuses where the song's name
// says so.
class ToyHandler : public Handler {
 public:
  explicit ToyHandler(Stage stage) : stage_(stage) {}

  bool wants(v1::Event::FactCase fact) const override {
    return stage_ == Stage::kLedger ||
           (stage_ == Stage::kScore && fact == v1::Event::kFeedbackGiven);
  }

  Result<Effect> handle(const Work& work) override {
    const std::string word =
        work.fact.has_feedback_given() ? work.fact.feedback_given().verdicts(0).song_id() : "";
    if (word == "poison") _exit(7);
    if (word == "no") return fail(Errc::kInvalid, "no is no");
    if (word == "later" && ++seen_ < 3) return fail(Errc::kUnavailable, "not yet");
    Effect effect;
    effect.state = std::string(work.state) + word + " ";
    effect.output = stage_ == Stage::kLedger ? answer(work) : scored(word);
    return effect;
  }

 private:
  std::string scored(const std::string& word) const {
    v1::Event event;
    event.mutable_batch_scored()->add_learned(word);
    return event.SerializeAsString();
  }
  std::string answer(const Work& work) const {
    v1::BatchRecorded recorded;
    recorded.set_sequence(work.sequence);
    if (work.fact.has_batch_scored()) *recorded.mutable_batch() = work.fact.batch_scored();
    if (work.fact.has_event_refused()) *recorded.mutable_refused() = work.fact.event_refused();
    return recorded.SerializeAsString();
  }

  Stage stage_;
  int seen_ = 0;
};

class WorkerTest : public ::testing::Test {
 protected:
  ~WorkerTest() override {
    for (const pid_t pid : std::vector<pid_t>(running_)) stop(pid, SIGKILL);
  }

  pid_t start(Stage stage) {
    const pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nobody behind
      watch_for_stop();
      ToyHandler handler(stage);
      WorkerOptions options{.stage = stage,
                            .name = std::string(name(stage)) + "-1",
                            .places = {folder_.path(), folder_.path(), server_.address()},
                            .durable_only = stage == Stage::kLedger,
                            .listen = listen_,
                            .fast_path = fast_path_};
      _exit(run_worker(options, handler));
    }
    running_.push_back(pid);
    return pid;
  }
  void start_all() {
    for (const Stage stage : kStages) start(stage);
  }
  int stop(pid_t pid, int signal) {
    kill(pid, signal);
    int status = 0;
    waitpid(pid, &status, 0);
    std::erase(running_, pid);
    return status;
  }

  std::uint64_t say(const std::string& word, Stage first = Stage::kScore) {
    v1::Event event;
    event.mutable_feedback_given()->add_verdicts()->set_song_id(word);
    const std::string text = handoff::message(event_id(++said_), event.SerializeAsString());
    const auto done =
        handoff::accepted(redis_.roundtrip(handoff::accept(kAda, first, text)), kAda, text);
    EXPECT_TRUE(done);
    return done ? done->sequence : 0;
  }

  // The answer to an event; fails when none comes within 20 s.
  v1::BatchRecorded answer(std::uint64_t sequence) {
    v1::BatchRecorded recorded;
    const bool came = wait_until([&] {
      const auto reply = redis_.roundtrip(handoff::read_answer(kAda, sequence));
      return reply && !reply->nil() && recorded.ParseFromString(reply->text);
    });
    EXPECT_TRUE(came) << "no answer to event " << sequence;
    return recorded;
  }

  static bool wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::string state(Stage stage) {
    return handoff::state(redis_.roundtrip(handoff::read_state(kAda, stage)))->state;
  }

  test::TempDir folder_;
  test::RedisServer server_{folder_.path()};
  boost::asio::io_context io_;
  Redis redis_{io_, *RedisAddress::parse(server_.address())};
  std::vector<pid_t> running_;
  std::uint64_t said_ = 0;
  std::string listen_;
  bool fast_path_ = true;
};

TEST_F(WorkerTest, EachEventGoesThroughAllStagesOnceAndInOrder) {
  start_all();
  std::uint64_t last = 0;
  for (const char* word : {"a", "b", "c", "d", "e"}) last = say(word, Stage::kFetch);
  EXPECT_EQ(answer(last).batch().learned(0), "e");
  EXPECT_EQ(state(Stage::kScore), "a b c d e ");
}

TEST_F(WorkerTest, WithoutTheBusEachEventStillGoesThroughAllStagesOnceAndInOrder) {
  fast_path_ = false;
  start_all();
  std::uint64_t last = 0;
  for (const char* word : {"a", "b", "c", "d", "e"}) last = say(word, Stage::kFetch);
  EXPECT_EQ(answer(last).batch().learned(0), "e");
  EXPECT_EQ(state(Stage::kScore), "a b c d e ");
  for (const auto& file : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_NE(file.path().extension(), ".z") << "a socket of the bus was opened";
}

TEST_F(WorkerTest, HostsThatReachEachOtherByTcpDoTheSame) {
  const BusKeys keys = BusKeys::make();
  ASSERT_TRUE(write_bus_keys({folder_ / "bus"}, keys));
  ASSERT_TRUE(replace_file(folder_ / "bus" / "allowed", keys.public_key));
  listen_ = "tcp://127.0.0.1";
  start_all();
  answer(say("first", Stage::kFetch));
  const auto scorers =
      handoff::members(redis_.roundtrip(handoff::register_member(Stage::kScore, nullptr)));
  ASSERT_EQ(scorers->size(), 1U);
  EXPECT_TRUE(scorers->front().endpoint.starts_with("tcp://127.0.0.1:"));
  EXPECT_TRUE(scorers->front().notices.ends_with("?key=" + keys.public_key));
}

TEST_F(WorkerTest, TcpWithoutKeysIsRefusedAtTheStart) {
  listen_ = "tcp://127.0.0.1";
  const pid_t worker = start(Stage::kScore);
  int status = 0;
  ASSERT_EQ(waitpid(worker, &status, 0), worker);
  std::erase(running_, worker);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

TEST_F(WorkerTest, WhatWasAcceptedWhileNobodyWorkedIsDoneWhenSomebodyComes) {
  say("a");
  const std::uint64_t last = say("b");
  start_all();
  answer(last);
  EXPECT_EQ(state(Stage::kScore), "a b ");
}

TEST_F(WorkerTest, ARefusalIsAnAnswerWithItsReason) {
  start_all();
  const v1::BatchRecorded refused = answer(say("no"));
  EXPECT_EQ(refused.refused().reason(), "no is no");
  EXPECT_EQ(refused.refused().stage(), "score");
  EXPECT_EQ(answer(say("yes")).batch().learned(0), "yes");
}

TEST_F(WorkerTest, WhatCannotBeDoneJustNowIsDoneLaterAndKeepsItsPlace) {
  start_all();
  say("later");
  answer(say("after"));
  EXPECT_EQ(state(Stage::kScore), "later after ");
}

TEST_F(WorkerTest, APoisonEventIsSetAsideAndItsNeighboursAreNot) {
  for (const Stage stage : {Stage::kFetch, Stage::kCluster, Stage::kLedger}) start(stage);
  const std::uint64_t before = say("before"), poison = say("poison"), after = say("after");
  // The supervisor's part: whenever the scorer dies it is started again.
  pid_t scorer = start(Stage::kScore);
  EXPECT_TRUE(wait_until([&] {
    if (waitpid(scorer, nullptr, WNOHANG) == scorer) {
      std::erase(running_, scorer);
      scorer = start(Stage::kScore);
    }
    const auto reply = redis_.roundtrip(handoff::read_answer(kAda, after));
    return reply && !reply->nil();
  }));
  EXPECT_EQ(answer(before).batch().learned(0), "before");
  EXPECT_TRUE(answer(poison).refused().poison());
  EXPECT_EQ(answer(after).batch().learned(0), "after");
  EXPECT_EQ(state(Stage::kScore), "before after ");
}

TEST_F(WorkerTest, KilledAgainAndAgainUnderLoadEachEventHasOneEffect) {
  for (const Stage stage : {Stage::kFetch, Stage::kCluster, Stage::kLedger}) start(stage);
  pid_t scorer = start(Stage::kScore);
  std::string expected;
  std::uint64_t last = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string word = "w" + std::to_string(i);
    last = say(word);
    expected += word + " ";
    if (i % 7 != 6) continue;
    stop(scorer, SIGKILL);
    scorer = start(Stage::kScore);
    answer(last);
  }
  answer(last);
  EXPECT_EQ(state(Stage::kScore), expected);
}

TEST_F(WorkerTest, ATermFinishesAndLeavesNothingUndone) {
  start_all();
  const std::uint64_t last = say("a");
  answer(last);
  for (const pid_t pid : std::vector<pid_t>(running_)) {
    const int status = stop(pid, SIGTERM);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const auto left =
      handoff::members(redis_.roundtrip(handoff::register_member(Stage::kScore, nullptr)));
  EXPECT_TRUE(left->empty()) << "a worker that left must not be sent to";
}

TEST_F(WorkerTest, ACrashOfRedisLosesNothing) {
  start_all();
  answer(say("a"));
  const std::uint64_t pending = say("b");
  server_.kill();
  server_.start();
  EXPECT_EQ(answer(pending).batch().learned(0), "b");
  EXPECT_EQ(answer(say("c")).batch().learned(0), "c");
  EXPECT_EQ(state(Stage::kScore), "a b c ");
}

}  // namespace
}  // namespace groove
