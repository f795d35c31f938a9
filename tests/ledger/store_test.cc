#include "ledger/store.h"
#include "ledger/log_bodies.h"

#include "ledger/core/hash.h"
#include "ledger/core/merkle.h"
#include "tests/ledger/store_fixture.h"

namespace groove::ledger {
namespace {

TEST_F(StoreTest, NewLedgerHasItsGenesis) {
  open();
  EXPECT_EQ(store_->size(), 1U);
  const Entry genesis = store_->get(0).value();
  EXPECT_EQ(genesis.leaf.kind, Kind::kGenesis);
  EXPECT_EQ(genesis_of(genesis.leaf.body)->origin, kTestOrigin);
  EXPECT_EQ(verify_text(disk_), "ok");
}

TEST_F(StoreTest, WhatIsAppendedIsThereAfterOpeningAgain) {
  open();
  write({1, 3, 2});
  const Digest root = store_->root(), head = store_->head();
  open();
  EXPECT_EQ(store_->size(), 7U);
  EXPECT_EQ(store_->root(), root);
  EXPECT_EQ(store_->head(), head);
  const Entry entry = store_->get(4).value();
  EXPECT_EQ(entry.payload, "payload of 4");
  EXPECT_EQ(entry.leaf.entry_id, numbered_id(4));
  EXPECT_EQ(store_->find(numbered_id(4)), 4U);
  EXPECT_FALSE(store_->find(numbered_id(99)));
}

TEST_F(StoreTest, RootIsThatOfTheLeaves) {
  open();
  write({5, 4});
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < store_->size(); ++i)
    leaves.push_back(store_->get(i).value().leaf_hash);
  EXPECT_EQ(store_->root(), merkle_root(leaves));
  EXPECT_EQ(store_->head(), leaves.back());
}

TEST_F(StoreTest, AGroupIsOneSync) {
  open();
  const int before = disk_.syncs();
  write({6});
  EXPECT_EQ(disk_.syncs(), before + 1);
  ASSERT_TRUE(store_->sync());
  EXPECT_EQ(disk_.syncs(), before + 1) << "nothing to sync";
}

TEST_F(StoreTest, RecordCanBeReadBeforeItIsSynced) {
  open();
  ASSERT_TRUE(append(1, "waiting"));
  EXPECT_EQ(store_->get(1).value().payload, "waiting");
}

TEST_F(StoreTest, RepeatGetsTheOldIndexSyncedOrNot) {
  open();
  const auto first = append(1, "same").value();
  const auto waiting = append(1, "same").value();
  EXPECT_TRUE(waiting.repeated);
  ASSERT_TRUE(store_->sync());
  open();
  const auto later = append(1, "same").value();
  EXPECT_TRUE(later.repeated);
  EXPECT_EQ(later.index, first.index);
  EXPECT_EQ(later.leaf_hash, first.leaf_hash);
  EXPECT_EQ(later.time_us, first.time_us);
  EXPECT_EQ(store_->size(), 2U);
}

TEST_F(StoreTest, SameIdWithOtherContentIsAConflict) {
  open();
  ASSERT_TRUE(append(1, "one"));
  const auto other = append(1, "another");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kConflict);
  EXPECT_NE(other.error().message.find("record 1"), std::string::npos) << other.error().message;
  EXPECT_EQ(store_->size(), 2U);
}

TEST_F(StoreTest, SegmentsFollowOneAnother) {
  open();
  write({3, 3, 3, 3, 3, 3, 3, 3, 3, 3});
  const auto names = list_segments(disk_, kFolder).value();
  EXPECT_GT(names.size(), 1U);
  for (const auto& name : names)
    EXPECT_LE(disk_.bytes(segment_folder(kFolder) / name).size(), segment_bytes_) << name;
  open();
  for (std::uint64_t i = 1; i < 31; ++i)
    EXPECT_EQ(store_->get(i).value().payload, "payload of " + std::to_string(i));
  EXPECT_EQ(verify_text(disk_), "ok");
}

TEST_F(StoreTest, RecordLargerThanASegmentGetsOneOfItsOwn) {
  open();
  const std::string large(3 * segment_bytes_, 'x');
  ASSERT_TRUE(append(1, large));
  ASSERT_TRUE(store_->sync());
  write({1});
  open();
  EXPECT_EQ(store_->get(1).value().payload, large);
  EXPECT_EQ(store_->size(), 3U);
}

TEST_F(StoreTest, FullGroupIsWrittenWithoutAsking) {
  segment_bytes_ = 16 * 1024 * 1024;
  open();
  const int before = disk_.syncs();
  for (std::size_t i = 1; i <= kGroupRecordsMax + 1; ++i) ASSERT_TRUE(append(i, "p"));
  EXPECT_EQ(disk_.syncs(), before + 1) << "by count";
  const std::string large(kPayloadBytesMax, 'x');
  for (std::size_t i = 0; i < 3; ++i) ASSERT_TRUE(append(5000 + i, large));
  EXPECT_EQ(disk_.syncs(), before + 3) << "by bytes";
  ASSERT_TRUE(store_->sync());
  open();
  EXPECT_EQ(store_->size(), 1 + kGroupRecordsMax + 1 + 3);
}

TEST_F(StoreTest, TooLargeIsRefusedAndNothingElseHappens) {
  open();
  const auto refused = append(1, std::string(kPayloadBytesMax + 1, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalid);
  EXPECT_EQ(store_->size(), 1U);
  EXPECT_FALSE(store_->find(numbered_id(1)));
}

TEST_F(StoreTest, ClockThatStepsBackDoesNotMakeTimeGoBack) {
  open();
  write({1});
  clock_.now_us -= 1'000'000;
  write({1});
  EXPECT_EQ(store_->get(2).value().leaf.time_us, store_->get(1).value().leaf.time_us);
  open();
}

TEST_F(StoreTest, LedgerOfAnotherOriginIsNotOpened) {
  open();
  store_.reset();
  const auto other = try_open("other.test/ledger");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kConflict);
}

TEST_F(StoreTest, NothingFollowsASeal) {
  open();
  const std::string body =
      seal_body(SignerKey{"next.test/ledger", std::string(32, 'k')}.verifier());
  ASSERT_TRUE(store_->append(numbered_id(1), Kind::kSeal, body, ""));
  EXPECT_FALSE(append(2, "late"));
  EXPECT_EQ(store_->size(), 2U);
}

TEST_F(StoreTest, FailedSyncStopsTheStoreForGood) {
  open();
  write({2});
  disk_.fail_sync_after(0);
  ASSERT_TRUE(append(50, "lost"));
  const auto failed = store_->sync();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kUnavailable);
  EXPECT_NE(failed.error().message.find("Input/output error"), std::string::npos);
  const int syncs = disk_.syncs();
  EXPECT_FALSE(store_->sync()) << "the next sync would succeed and mean nothing";
  EXPECT_FALSE(append(51, "more"));
  EXPECT_EQ(disk_.syncs(), syncs);
  store_.reset();
  disk_.lose_power();
  open();
  EXPECT_GE(store_->size(), 3U);
}

TEST_F(StoreTest, LedgerInUseIsNotOpenedAgain) {
  open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
}

}  // namespace
}  // namespace groove::ledger
