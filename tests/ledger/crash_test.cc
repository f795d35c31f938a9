// The promise under crashes: what was acknowledged is there, a group is there whole or not at all,
// the ledger always opens, and damage is told from a write cut short.
#include "tests/ledger/store_fixture.h"

namespace groove::ledger {
namespace {

class CrashTest : public StoreTest {
 protected:
  void begin(std::uint64_t seed) {
    store_.reset();
    disk_ = SimDisk(seed);
    random_.seed(seed);
    acknowledged_.clear();
    group_.clear();
    next_number_ = 1;
  }

  // Appends groups until the power goes; remembers what was acknowledged.
  void run_until_death() {
    while (!disk_.dead()) {
      group_.clear();
      const std::size_t count = 1 + random_() % 5;
      for (std::size_t i = 0; i < count; ++i) {
        std::string payload(random_() % 700, static_cast<char>('a' + next_number_ % 26));
        if (!append(next_number_, payload)) return;
        group_.push_back(payload);
        ++next_number_;
      }
      if (!store_->sync()) return;
      acknowledged_.insert(acknowledged_.end(), group_.begin(), group_.end());
      group_.clear();
    }
  }

  // After a crash: all acknowledged, and the group in flight whole or not at all.
  void check_recovered(const std::string& where) {
    const std::uint64_t size = store_->size() - 1;
    const std::uint64_t whole = acknowledged_.size() + group_.size();
    ASSERT_TRUE(size == acknowledged_.size() || size == whole)
        << where << ": " << size << " of " << acknowledged_.size() << " + " << group_.size();
    if (size == whole) acknowledged_.insert(acknowledged_.end(), group_.begin(), group_.end());
    group_.clear();
    next_number_ = size + 1;
    for (std::uint64_t i = 0; i < size; ++i)
      ASSERT_EQ(store_->get(i + 1).value().payload, acknowledged_[i]) << where << " record " << i;
    ASSERT_EQ(verify_text(disk_), "ok") << where;
  }

  std::mt19937_64 random_;
  std::vector<std::string> acknowledged_, group_;  // payloads, from record 1 on
  std::uint64_t next_number_ = 1;
};

TEST_F(CrashTest, NothingAcknowledgedIsLostWhateverSectorsAre) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    begin(seed);
    for (int life = 0; life < 8; ++life) {
      const std::string where = "seed " + std::to_string(seed) + " life " + std::to_string(life);
      disk_.die_after(static_cast<int>(random_() % 40));
      auto store = try_open();
      if (store) {
        store_ = std::move(*store);
        check_recovered(where);
        if (HasFatalFailure()) return;
        run_until_death();
      } else {
        ASSERT_TRUE(disk_.dead()) << where << ": " << store.error().message;
      }
      store_.reset();
      disk_.lose_power();
    }
    open();
    check_recovered("seed " + std::to_string(seed) + " at the end");
    if (HasFatalFailure()) return;
  }
}

TEST_F(CrashTest, OneDamagedByteNeverCutsOffWhatWasAcknowledged) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    open();
    write({1 + random_() % 3, 1 + random_() % 3, 1 + random_() % 3, 1 + random_() % 3});
    const std::uint64_t size = store_->size();
    store_.reset();
    const auto names = list_segments(disk_, kFolder).value();
    std::string& bytes = disk_.bytes(segment_folder(kFolder) / names[random_() % names.size()]);
    bytes[random_() % bytes.size()] ^= static_cast<char>(1U << random_() % 8);
    ASSERT_NE(verify_text(disk_), "ok") << "seed " << seed;
    const auto store = try_open();
    if (store) {
      ASSERT_EQ((*store)->size(), size) << "seed " << seed;
    }
  }
}

TEST_F(CrashTest, CutAnywhereOpensWithWhatIsWholeOrIsRefused) {
  open();
  write({1, 2, 1});
  store_.reset();
  const std::string bytes = disk_.bytes(segment(0));
  std::uint64_t before = 0;
  for (std::size_t cut = 0; cut < 1400; ++cut) {
    disk_.bytes(segment(0)) = bytes.substr(0, cut);
    auto store = try_open();
    if (!store) {
      ASSERT_EQ(store.error().code, Errc::kCorrupt) << "cut to " << cut;
      ASSERT_EQ(before, 0U) << "cut to " << cut << ": " << store.error().message;
      continue;
    }
    ASSERT_GE((*store)->size(), before) << "cut to " << cut;
    before = (*store)->size();
    ASSERT_TRUE((*store)->append(numbered_id(77), Kind::kBatch, batch_body("new"), "new"));
    ASSERT_TRUE((*store)->sync());
    ASSERT_EQ(verify_text(disk_), "ok") << "cut to " << cut;
  }
  EXPECT_EQ(before, 5U);
}

TEST_F(CrashTest, CutSegmentInTheMiddleIsRefused) {
  segment_bytes_ = 2048;
  open();
  write({3, 3, 3, 3, 3, 3, 3});
  store_.reset();
  ASSERT_GT(list_segments(disk_, kFolder)->size(), 1U);
  disk_.bytes(segment(0)).resize(700);
  EXPECT_THAT(open_error(), ::testing::HasSubstr("record"));
  EXPECT_NE(open_error(), "opened");
}

TEST_F(CrashTest, MissingSegmentIsNoticed) {
  segment_bytes_ = 2048;
  open();
  write({3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3});
  store_.reset();
  const auto names = list_segments(disk_, kFolder).value();
  ASSERT_GT(names.size(), 2U);
  ASSERT_TRUE(disk_.remove(segment_folder(kFolder) / names[1]));
  EXPECT_THAT(open_error(), ::testing::StartsWith("segment header of " + names[2]));
  EXPECT_THAT(verify_text(disk_), ::testing::StartsWith("segment header of " + names[2]));
}

TEST_F(CrashTest, UnfinishedSegmentIsCleanedAway) {
  open();
  store_.reset();
  ASSERT_TRUE(disk_.open(segment_folder(kFolder) / unfinished_name(1), Io::Mode::kCreate));
  open();
  EXPECT_EQ(disk_.list(segment_folder(kFolder))->size(), 1U);
}

}  // namespace
}  // namespace groove::ledger
