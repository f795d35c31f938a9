#include "ledger/ledger.h"

#include "ledger/convert.h"
#include "tests/ledger/store_fixture.h"

namespace groove::ledger {
namespace {

using ::testing::HasSubstr;

v1::Event batch(const std::string& song) {
  v1::Event event;
  event.mutable_batch_scored()->add_recommendations()->set_song_id(song);
  return event;
}

v1::Event refusal(const std::string& reason) {
  v1::Event event;
  event.mutable_event_refused()->set_reason(reason);
  return event;
}

class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  // A new process on the same disk.
  void start() {
    ledger_.reset();
    auto ledger = Ledger::open(disk_, kFolder, clock_, {});
    ASSERT_TRUE(ledger) << ledger.error().message;
    ledger_ = std::move(*ledger);
  }
  Result<Effect> handle(std::uint64_t listener, std::uint64_t sequence, std::uint64_t event,
                        const v1::Event& fact) {
    return ledger_->handle({.listener = {listener},
                            .sequence = sequence,
                            .event = numbered_id(event),
                            .fact = fact,
                            .state = ""});
  }
  static v1::BatchRecorded answer(const Result<Effect>& effect) {
    v1::BatchRecorded recorded;
    EXPECT_TRUE(effect && recorded.ParseFromString(effect->output));
    return recorded;
  }
  Result<Entry> record(std::uint64_t index) { return read_entry(disk_, kFolder, index); }

  SimDisk disk_;
  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, AnswersWithTheRecordItMade) {
  const auto recorded = answer(handle(7, 1, 100, batch("song")));
  ASSERT_TRUE(ledger_->flush());
  EXPECT_EQ(recorded.listener(), 7U);
  EXPECT_EQ(recorded.sequence(), 1U);
  EXPECT_EQ(recorded.event_id(), as_bytes(numbered_id(100)));
  EXPECT_EQ(recorded.batch().recommendations(0).song_id(), "song");
  EXPECT_EQ(recorded.ledger_index(), 1U);
  EXPECT_EQ(recorded.recorded_at_us(), clock_.now_us);
  const Entry entry = record(1).value();
  EXPECT_EQ(recorded.leaf_hash(), as_bytes(entry.leaf_hash));
  EXPECT_EQ(entry.leaf.entry_id, numbered_id(100));
}

TEST_F(LedgerTest, RefusalIsRecordedToo) {
  const auto recorded = answer(handle(7, 1, 100, refusal("no songs")));
  EXPECT_EQ(recorded.refused().reason(), "no songs");
  EXPECT_EQ(recorded.ledger_index(), 1U);
}

TEST_F(LedgerTest, NothingOfTheListenerIsInTheLeaf) {
  handle(0x1122334455667788, 1, 100, batch("a song with a long name"));
  ASSERT_TRUE(ledger_->flush());
  const std::string leaf = encode_leaf(record(1)->leaf);
  EXPECT_EQ(leaf.find("song"), std::string::npos);
  EXPECT_EQ(leaf.find("\x88\x77\x66\x55\x44\x33\x22\x11"), std::string::npos);
}

TEST_F(LedgerTest, RepeatAfterACrashGetsTheSameBytes) {
  const auto first = handle(7, 1, 100, batch("song"));
  ASSERT_TRUE(ledger_->flush());
  clock_.now_us += 5'000'000;
  start();
  const auto again = handle(7, 1, 100, batch("song"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->output, first->output);
  ASSERT_TRUE(ledger_->flush());
  EXPECT_EQ(record(2).error().code, Errc::kNotFound) << "it was recorded twice";
}

TEST_F(LedgerTest, RepeatBeforeTheSyncGetsTheSameBytes) {
  const auto first = handle(7, 1, 100, batch("song"));
  EXPECT_EQ(handle(7, 1, 100, batch("song"))->output, first->output);
}

TEST_F(LedgerTest, WhatWasNotFlushedBeforeACrashIsRecordedThen) {
  handle(7, 1, 100, batch("song"));
  start();
  EXPECT_EQ(answer(handle(7, 1, 100, batch("song"))).ledger_index(), 1U);
}

TEST_F(LedgerTest, AnotherEventUnderARecordedSequenceIsRefused) {
  handle(7, 1, 100, batch("song"));
  handle(7, 2, 101, batch("song"));
  ASSERT_TRUE(ledger_->flush());
  start();
  for (const std::uint64_t sequence : {1, 2}) {
    const auto other = handle(7, sequence, 200, batch("other"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::kConflict);
    EXPECT_THAT(other.error().message, HasSubstr("request number " + std::to_string(sequence)));
  }
  EXPECT_TRUE(handle(7, 3, 102, batch("next"))) << "the listener must be able to go on";
}

TEST_F(LedgerTest, SameEventIdOfAnotherListenerOrSequenceIsRefused) {
  handle(7, 1, 100, batch("song"));
  EXPECT_EQ(handle(8, 1, 100, batch("song")).error().code, Errc::kConflict);
  EXPECT_EQ(handle(7, 2, 100, batch("song")).error().code, Errc::kConflict);
}

TEST_F(LedgerTest, ListenersHaveSequencesOfTheirOwn) {
  EXPECT_TRUE(handle(7, 1, 100, batch("a")));
  EXPECT_TRUE(handle(8, 1, 101, batch("b")));
  EXPECT_TRUE(handle(7, 2, 102, batch("c")));
}

TEST_F(LedgerTest, GapAfterADeadLetterDoesNotStopTheListener) {
  handle(7, 1, 100, batch("a"));
  EXPECT_EQ(answer(handle(7, 3, 102, batch("c"))).ledger_index(), 2U);
}

TEST_F(LedgerTest, DiskThatFailsLeavesTheEventForLaterAndStopsTheFlush) {
  handle(7, 1, 100, batch("a"));  // makes the listener's key, too
  disk_.fail_sync_after(0);
  EXPECT_FALSE(ledger_->flush());
  EXPECT_EQ(handle(7, 2, 101, batch("b")).error().code, Errc::kUnavailable);
  EXPECT_FALSE(ledger_->flush()) << "nothing may look durable after that";
}

TEST_F(LedgerTest, WantsAnswersOnly) {
  EXPECT_TRUE(ledger_->wants(v1::Event::kBatchScored));
  EXPECT_TRUE(ledger_->wants(v1::Event::kEventRefused));
  EXPECT_FALSE(ledger_->wants(v1::Event::kTasteClustered));
}

TEST(ConvertTest, WhoAskedIsReadWithoutTheSongs) {
  v1::Event fact = batch("song");
  const std::string payload = to_payload({{0xfedcba9876543210}, 300, numbered_id(1), fact, ""});
  const auto asked = asked_by(payload).value();
  EXPECT_EQ(asked.listener, ListenerId{0xfedcba9876543210});
  EXPECT_EQ(asked.sequence, 300U);
  for (std::size_t cut = 1; cut < 9; ++cut) EXPECT_FALSE(asked_by(payload.substr(0, cut)));
  EXPECT_FALSE(asked_by(payload.substr(0, payload.size() - 1)));
}

TEST(ConvertTest, BatchBodyCommitsToItsPayloadAlone) {
  const std::string body = batch_body("payload");
  EXPECT_TRUE(check_batch(body, "payload"));
  EXPECT_FALSE(check_batch(body, "payloaD"));
  EXPECT_FALSE(check_batch(body.substr(1), "payload"));
  EXPECT_FALSE(check_batch("", "payload"));
}

}  // namespace
}  // namespace groove::ledger
