#include "workers/handoff.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/base/limits.h"

namespace groove::handoff {
namespace {

using groove::test::RedisServer;
using groove::test::TempDir;

constexpr ListenerId kAda{42};
constexpr ListenerId kBob{43};

EventId event(std::uint8_t n) {
  EventId id;
  id.bytes[15] = n;
  id.bytes[0] = static_cast<std::uint8_t>(n >> 4);
  return id;
}

// The scripts in a real Redis, through the verbs a gateway and a worker use.
class HandoffTest : public ::testing::Test {
 protected:
  Accepted accept_event(ListenerId listener, std::uint8_t n, Stage first = Stage::kFetch) {
    const auto result = try_accept(listener, event(n), first);
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(Accepted{});
  }
  Result<Accepted> try_accept(ListenerId listener, EventId id, Stage first = Stage::kFetch) {
    const std::string text = message(id, "fact");
    return accepted(redis_.roundtrip(accept(listener, first, text)), listener, text);
  }
  std::vector<Entry> waiting(Stage stage, ListenerId listener = kAda) {
    return *pulled(redis_.roundtrip(pull(partition_of(listener), stage, 1000)), stage);
  }
  Committed commit_entry(const Entry& entry, std::optional<std::string_view> state = std::nullopt,
                         std::string_view output = "0123456789abcdef-output") {
    return *committed(redis_.roundtrip(commit(entry, state, output)));
  }
  StageState state_at(Stage stage, ListenerId listener = kAda) {
    return *state(redis_.roundtrip(read_state(listener, stage)));
  }
  // Commits whatever waits at a stage, in order.
  void run_stage(Stage stage, ListenerId listener = kAda) {
    for (const Entry& entry : waiting(stage, listener))
      EXPECT_EQ(commit_entry(entry, std::nullopt, entry.message).outcome, Outcome::kDone);
  }

  TempDir folder_;
  RedisServer server_{folder_.path()};
  boost::asio::io_context io_;
  Redis redis_{io_, *RedisAddress::parse(server_.address())};
};

TEST_F(HandoffTest, AnAcceptedEventWaitsAtTheFirstStage) {
  const Accepted accepted = accept_event(kAda, 1);
  EXPECT_EQ(accepted.sequence, 1u);
  EXPECT_FALSE(accepted.repeated);
  ASSERT_EQ(waiting(Stage::kFetch).size(), 1u);
  EXPECT_EQ(waiting(Stage::kFetch)[0].event(), event(1));
  EXPECT_EQ(waiting(Stage::kFetch)[0].id, accepted.entry->id);
}

TEST_F(HandoffTest, ARepeatedEventIdGetsItsFirstAnswerAndDoesNothing) {
  accept_event(kAda, 1);
  accept_event(kAda, 2);
  const Accepted again = accept_event(kAda, 1);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.sequence, 1u);
  EXPECT_EQ(waiting(Stage::kFetch).size(), 2u);
}

// What a gateway does on a new link to Redis, which may have lost its last moments.
TEST_F(HandoffTest, WhatIsSaidAgainGetsTheNumberItWasPromised) {
  accept_event(kAda, 1);
  const std::string text = message(event(3), "fact");
  const auto again = [&](std::uint64_t promised, bool in_turn) {
    return accepted(redis_.roundtrip(accept_again(kAda, Stage::kFetch, text, promised, in_turn)),
                    kAda, text);
  };
  const auto early = again(3, true);
  ASSERT_FALSE(early) << "number 2 was lost too, and must come first";
  EXPECT_EQ(early.error().code, Errc::kConflict);
  accept_event(kAda, 2);
  ASSERT_TRUE(again(3, true));
  EXPECT_EQ(again(3, true)->sequence, 3u);
  EXPECT_TRUE(again(3, true)->repeated);
  EXPECT_EQ(waiting(Stage::kFetch).size(), 3u);
}

TEST_F(HandoffTest, WhatIsSaidAgainOutOfTurnGetsTheNextNumber) {
  const std::string text = message(event(9), "fact");
  const auto done =
      accepted(redis_.roundtrip(accept_again(kAda, Stage::kFetch, text, 9, false)), kAda, text);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->sequence, 1u);
}

TEST_F(HandoffTest, AnEventWhoseIdIsForgottenIsNotAcceptedASecondTime) {
  for (std::uint64_t n = 0; n <= limits::kDedupeWindow; ++n) {
    EventId id;
    id.bytes[0] = static_cast<std::uint8_t>(n >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(n);
    ASSERT_TRUE(try_accept(kAda, id));
    for (const Stage stage : kStages) run_stage(stage);
  }
  const std::string text = message(EventId{}, "fact");  // the first of them
  const auto again =
      accepted(redis_.roundtrip(accept_again(kAda, Stage::kFetch, text, 1, true)), kAda, text);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated && again->recorded);
  EXPECT_TRUE(waiting(Stage::kFetch).empty());
}

TEST_F(HandoffTest, ACommitConsumesKeepsStateAndPassesOn) {
  const Entry entry = *accept_event(kAda, 1).entry;
  const Committed done = commit_entry(entry, "what I know", "0123456789abcdefnext");
  EXPECT_EQ(done.outcome, Outcome::kDone);
  EXPECT_TRUE(waiting(Stage::kFetch).empty());
  ASSERT_EQ(waiting(Stage::kCluster).size(), 1u);
  EXPECT_EQ(waiting(Stage::kCluster)[0].id, done.next_id);
  EXPECT_EQ(waiting(Stage::kCluster)[0].fact(), "next");
  EXPECT_EQ(state_at(Stage::kFetch).version, 1u);
  EXPECT_EQ(state_at(Stage::kFetch).state, "what I know");
}

TEST_F(HandoffTest, ACommitWithoutStateLeavesTheStateAsItWas) {
  commit_entry(*accept_event(kAda, 1).entry, "kept");
  commit_entry(*accept_event(kAda, 2).entry, std::nullopt);
  EXPECT_EQ(state_at(Stage::kFetch).state, "kept");
  EXPECT_EQ(state_at(Stage::kFetch).version, 2u);
}

TEST_F(HandoffTest, TheLoserOfARaceIsToldAndChangesNothing) {
  const Entry entry = *accept_event(kAda, 1).entry;
  commit_entry(entry, "first");
  EXPECT_EQ(commit_entry(entry, "second").outcome, Outcome::kGone);
  EXPECT_EQ(state_at(Stage::kFetch).state, "first");
  EXPECT_EQ(waiting(Stage::kCluster).size(), 1u);
}

TEST_F(HandoffTest, ALaterEventCannotOvertake) {
  accept_event(kAda, 1);
  const Entry second = *accept_event(kAda, 2).entry;
  EXPECT_EQ(commit_entry(second).outcome, Outcome::kGap);
  EXPECT_EQ(waiting(Stage::kFetch).size(), 2u);
}

TEST_F(HandoffTest, AFrameThatIsNotItsEntryConsumesNothing) {
  const Entry true_entry = *accept_event(kAda, 1).entry;
  Entry changed = true_entry;
  changed.message.back() = 'X';
  EXPECT_EQ(commit_entry(changed).outcome, Outcome::kForged);
  Entry other_listener = true_entry;
  other_listener.listener = kBob;
  EXPECT_NE(commit_entry(other_listener).outcome, Outcome::kDone);
  EXPECT_EQ(waiting(Stage::kFetch).size(), 1u);
  EXPECT_EQ(commit_entry(true_entry).outcome, Outcome::kDone);
}

TEST_F(HandoffTest, FeedbackGoesStraightToTheScorerWhenNothingIsUnderWay) {
  accept_event(kAda, 1);
  for (const Stage stage : kStages) run_stage(stage);
  const Accepted feedback = accept_event(kAda, 2, Stage::kScore);
  EXPECT_EQ(feedback.entry->stage, Stage::kScore);
  for (const Stage stage : {Stage::kFetch, Stage::kCluster}) EXPECT_EQ(state_at(stage).version, 2u);
  run_stage(Stage::kScore);
  run_stage(Stage::kLedger);
  EXPECT_EQ(commit_entry(*accept_event(kAda, 3).entry).outcome, Outcome::kDone);
}

TEST_F(HandoffTest, FeedbackBehindALoginTakesTheLongWayAndStaysInOrder) {
  accept_event(kAda, 1);
  const Accepted feedback = accept_event(kAda, 2, Stage::kScore);
  EXPECT_EQ(feedback.entry->stage, Stage::kFetch);
  for (const Stage stage : kStages) run_stage(stage);
  for (const Stage stage : kStages) EXPECT_EQ(state_at(stage).version, 2u) << name(stage);
}

TEST_F(HandoffTest, TheLastStageFilesTheAnswerForAWhile) {
  for (std::uint64_t n = 1; n <= limits::kResultsKept + 1; ++n) {
    accept_event(kAda, static_cast<std::uint8_t>(n), Stage::kScore);
    run_stage(Stage::kScore);
    const std::vector<Entry> entries = waiting(Stage::kLedger);
    ASSERT_EQ(entries.size(), 1u);
    commit_entry(entries[0], std::nullopt, "answer " + std::to_string(n));
  }
  EXPECT_TRUE(redis_.roundtrip(read_answer(kAda, 1))->nil());
  EXPECT_EQ(redis_.roundtrip(read_answer(kAda, 2))->text, "answer 2");
  const ListenerProgress at = *progress(redis_.roundtrip(read_progress(kAda)));
  EXPECT_EQ(at.accepted, at.recorded);
}

TEST_F(HandoffTest, TooMuchPendingOfOneListenerIsRefusedAndChangesNothing) {
  for (std::size_t n = 0; n < limits::kPendingPerListenerMax; ++n)
    accept_event(kAda, static_cast<std::uint8_t>(n + 1));
  const auto refused = try_accept(kAda, event(200));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kBusy);
  EXPECT_EQ(waiting(Stage::kFetch).size(), limits::kPendingPerListenerMax);
  EXPECT_FALSE(try_accept(kAda, event(200)));
}

TEST_F(HandoffTest, APoisonEntryMovesToTheDeadLettersAndARefusalGoesOn) {
  const Entry entry = *accept_event(kAda, 1).entry;
  const auto done =
      committed(redis_.roundtrip(dead(entry, "it broke", message(event(1), "refused"))));
  EXPECT_EQ(done->outcome, Outcome::kDone);
  EXPECT_TRUE(waiting(Stage::kFetch).empty());
  EXPECT_EQ(waiting(Stage::kCluster).at(0).fact(), "refused");
  EXPECT_EQ(state_at(Stage::kFetch).version, 1u);
}

// Found by the simulation: a frame damaged on its way did not decode, and its sound entry was
// buried.
TEST_F(HandoffTest, ADamagedFrameCannotBuryItsEntry) {
  Entry damaged = *accept_event(kAda, 1).entry;
  damaged.message.back() = 'X';
  const auto done =
      committed(redis_.roundtrip(dead(damaged, "decode", message(event(1), "refused"))));
  EXPECT_EQ(done->outcome, Outcome::kForged);
  EXPECT_EQ(waiting(Stage::kFetch).size(), 1u);
}

TEST_F(HandoffTest, AttemptsAreCountedOnlyWhileTheEntryExists) {
  const Entry entry = *accept_event(kAda, 1).entry;
  EXPECT_EQ(*attempts(redis_.roundtrip(attempt(entry))), 1u);
  EXPECT_EQ(*attempts(redis_.roundtrip(attempt(entry))), 2u);
  commit_entry(entry);
  EXPECT_EQ(*attempts(redis_.roundtrip(attempt(entry))), 0u);
  EXPECT_EQ(*attempts(redis_.roundtrip(read_attempts(entry))), 0u);
}

TEST_F(HandoffTest, ARestartedWorkerReplacesItsOldEndpointAtOnce) {
  const Member old{"score-1", "ipc:///old", "ipc:///old.pub"},
      now{"score-1", "ipc:///new", "ipc:///new.pub"}, other{"score-2", "ipc:///b", "ipc:///b.pub"};
  for (const Member* member : {&old, &other, &now})
    ASSERT_TRUE(redis_.roundtrip(register_member(Stage::kScore, member)));
  const auto all = *members(redis_.roundtrip(register_member(Stage::kScore, nullptr)));
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(std::count(all.begin(), all.end(), old), 0);
  const auto left = *members(redis_.roundtrip(register_member(Stage::kScore, &now, true)));
  EXPECT_EQ(left, std::vector<Member>{other});
}

TEST_F(HandoffTest, WhatWasAcceptedSurvivesACrashOfRedis) {
  const Entry entry = *accept_event(kAda, 1).entry;
  server_.kill();
  EXPECT_EQ(redis_.roundtrip(RedisCommand{"PING"}).error().code, Errc::kUnavailable);
  server_.start();
  ASSERT_EQ(waiting(Stage::kFetch).size(), 1u);
  EXPECT_EQ(commit_entry(entry).outcome, Outcome::kDone) << "the scripts were not loaded anew";
}

}  // namespace
}  // namespace groove::handoff
