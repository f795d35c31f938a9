// A line of logs: its keys change and its logs are sealed and continued, whenever the power goes,
// and a stranger who holds the first key follows it all.
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/log_bodies.h"
#include "ledger/log_key.h"
#include "ledger/public_log.h"
#include "ledger/verify_house.h"
#include "tests/ledger/ledger_fixture.h"

namespace groove::ledger {
namespace {

using ::testing::HasSubstr;

class LineTest : public LedgerFixture {
 protected:
  static LogPlace log(unsigned generation) { return {kFolder, LogName{"", generation}}; }
  VerifierKey key(unsigned generation = 1) {
    return load_log_key(disk_, log(generation), kTestOrigin)->verifier();
  }
  Result<PublicLog> published(unsigned generation, const VerifierKey& by) {
    return PublicLog::open(disk_, public_folder(log(generation)), by);
  }
  std::string verdict(unsigned generation, const VerifierKey& by) {
    const auto open = published(generation, by);
    if (!open) return open.error().message;
    const auto history = open->verify(std::nullopt, nullptr);
    return history ? "ok" : history.error().message;
  }
  Result<Effect> refuse(std::uint64_t number) {
    v1::Event event;
    event.mutable_event_refused()->set_reason("no songs");
    auto effect = ledger_->handle({.listener = {7},
                                   .sequence = number,
                                   .event = numbered_id(number),
                                   .fact = event,
                                   .state = ""});
    if (auto ok = ledger_->flush(); !ok) return std::unexpected(ok.error());
    return effect;
  }

  // Records so many more and publishes them.
  void grow(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(refuse(++number_));
    ASSERT_TRUE(ledger_->publish());
  }

  std::uint64_t number_ = 0;
};

TEST_F(LineTest, StrangerWithTheFirstKeyFollowsChangesOfKeys) {
  open();
  const VerifierKey first = key();
  for (int change = 0; change < 3; ++change) {
    grow(150);
    const VerifierKey before = key();
    ASSERT_TRUE(ledger_->change_key());
    EXPECT_NE(key(), before);
    EXPECT_EQ(verdict(1, before), "ok") << "both sign";
    EXPECT_EQ(verdict(1, key()), "ok");
    EXPECT_EQ(verdict(1, first), "ok");
    ASSERT_TRUE(ledger_->drop_old_key());
    grow(3);
    EXPECT_EQ(verdict(1, first), "ok");
    EXPECT_EQ(published(1, first)->key(), key()) << "the new one signs alone";
  }
  EXPECT_EQ(read_whole(disk_, public_folder(kFolder) / "vkey"), key().text() + "\n");
  EXPECT_EQ(verify_text(disk_), "ok");
  EXPECT_NE(verdict(1, SignerKey{kTestOrigin, std::string(32, 'x')}.verifier()), "ok");
}

TEST_F(LineTest, ChangeThatTheOldKeyDidNotSignIsRefused) {
  const SignerKey old{"log.example", std::string(32, 'a')},
      next{"log.example", std::string(32, 'b')}, stranger{"log.example", std::string(32, 'c')};
  const Standing at{5, leaf_hash("before")};
  const std::string good = key_change_body(old, next, at);
  EXPECT_EQ(changed_key(good, old.verifier(), at).value(), next.verifier());
  EXPECT_FALSE(changed_key(key_change_body(stranger, next, at), old.verifier(), at));
  EXPECT_FALSE(changed_key(good, old.verifier(), {6, at.prev})) << "at another place";
  EXPECT_FALSE(changed_key(good, old.verifier(), {5, leaf_hash("another")}));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_FALSE(changed_key(bad, old.verifier(), at)) << "byte " << i;
  }
}

// Whenever the power goes, one key or the other is in force and all that was signed verifies.
TEST_F(LineTest, PowerCutsAtEveryStepOfAChangeOfKeysLeaveOneInForce) {
  bool changed_at_last = false;
  for (int step = 0; !changed_at_last; ++step) {
    ASSERT_LT(step, 200);
    SCOPED_TRACE("step " + std::to_string(step));
    ledger_.reset();
    disk_ = SimDisk(static_cast<std::uint64_t>(step) + 1);
    number_ = 0;
    open();
    grow(3);
    const VerifierKey first = key();
    disk_.die_after(step);
    changed_at_last = ledger_->change_key().has_value();
    ledger_.reset();
    disk_.lose_power();
    open();
    grow(2);
    EXPECT_EQ(verdict(1, first), "ok");
    EXPECT_EQ(verdict(1, key()), "ok");
    EXPECT_EQ(ledger_->history().keys().back(), key());
    EXPECT_EQ(verify_text(disk_), "ok");
    EXPECT_TRUE(!changed_at_last || key() != first);
  }
}

TEST_F(LineTest, SealedLogIsContinuedByTheOneItNames) {
  open();
  grow(300);
  ASSERT_TRUE(ledger_->rotate(""));
  EXPECT_EQ(ledger_->origin(), std::string(kTestOrigin) + "/2");
  EXPECT_EQ(ledger_->size(), 1U);
  grow(5);
  ASSERT_TRUE(ledger_->rotate("groove.test/another"));
  grow(1);
  EXPECT_EQ(ledger_->place().name(), "3");
  for (const unsigned generation : {1U, 2U, 3U})
    EXPECT_EQ(verdict(generation, key(generation)), "ok");
  EXPECT_TRUE(verify_joints(disk_, kFolder));
  const auto history = published(1, key(1))->verify(std::nullopt, nullptr);
  EXPECT_EQ(history->next(), key(2));
  const auto second = published(2, key(2))->verify(std::nullopt, nullptr);
  EXPECT_EQ(decode_checkpoint(second->genesis().previous), published(1, key(1))->head());
  open();
  EXPECT_EQ(ledger_->place().name(), "3");
}

TEST_F(LineTest, LogThatGoesOnFromSomethingElseIsNoticed) {
  open();
  grow(3);
  ASSERT_TRUE(ledger_->rotate(""));
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  const PublicLog sealed = *published(1, key(1)), next = *published(2, key(2));
  EXPECT_TRUE(verify_joint(sealed, next));
  EXPECT_FALSE(verify_joint(next, sealed));
  EXPECT_FALSE(verify_joint(sealed, sealed));
}

TEST_F(LineTest, EventOfASealedLogGetsTheAnswerItHad) {
  open();
  const auto first = refuse(1);
  ASSERT_TRUE(first);
  ASSERT_TRUE(ledger_->rotate(""));
  EXPECT_EQ(refuse(1)->output, first->output) << "at once";
  open();
  EXPECT_EQ(refuse(1)->output, first->output) << "and after a start";
  EXPECT_TRUE(refuse(2));
  EXPECT_EQ(ledger_->size(), 2U) << "nothing was recorded twice";
}

TEST_F(LineTest, SequenceThatASealedLogHoldsIsRefusedForAnotherEvent) {
  open();
  ASSERT_TRUE(refuse(1));
  ASSERT_TRUE(ledger_->rotate(""));
  open();
  v1::Event event;
  event.mutable_event_refused()->set_reason("no songs");
  const auto other = ledger_->handle(
      {.listener = {7}, .sequence = 1, .event = numbered_id(99), .fact = event, .state = ""});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kConflict);
}

// Whenever the power goes there is one log to write to, and each that is sealed names it.
TEST_F(LineTest, PowerCutsAtEveryStepOfARotationLeaveOneLogToWriteTo) {
  bool rotated_at_last = false;
  for (int step = 0; !rotated_at_last; step += 1 + step / 10) {
    ASSERT_LT(step, 400);
    SCOPED_TRACE("step " + std::to_string(step));
    ledger_.reset();
    disk_ = SimDisk(static_cast<std::uint64_t>(step) + 1);
    open();
    ASSERT_TRUE(refuse(1));
    disk_.die_after(step);
    rotated_at_last = ledger_->rotate("").has_value();
    ledger_.reset();
    disk_.lose_power();
    open();
    EXPECT_TRUE(refuse(1)) << "it is known";
    ASSERT_TRUE(refuse(2));
    ASSERT_TRUE(ledger_->publish());
    const bool rotated = ledger_->place().log.generation == 2;
    EXPECT_TRUE(rotated || !rotated_at_last);
    EXPECT_EQ(ledger_->size(), rotated ? 2U : 3U);
    EXPECT_EQ(verdict(1, key(1)), "ok");
    EXPECT_TRUE(!rotated || verdict(2, key(2)) == "ok");
    EXPECT_TRUE(verify_joints(disk_, kFolder));
  }
}

TEST_F(LineTest, RecordBehindASealIsRefused) {
  open();
  ASSERT_TRUE(ledger_->rotate(""));
  ledger_.reset();
  const auto store = Store::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .visit = nullptr});
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE((*store)->sealed());
  EXPECT_FALSE((*store)->append(numbered_id(5), Kind::kBatch, batch_body("x"), "x"));
}

}  // namespace
}  // namespace groove::ledger
