#include "ledger/verify.h"

#include <atomic>
#include <thread>

#include "ledger/entry.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class VerifyTest : public StoreTest {
 protected:
  std::string flipped(std::uint64_t first_index, std::size_t at, char mask) {
    char& byte = disk_.bytes(segment(first_index))[at];
    byte = static_cast<char>(byte ^ mask);
    const std::string text = verify_text(disk_);
    byte = static_cast<char>(byte ^ mask);
    return text;
  }
};

TEST_F(VerifyTest, SoundLedgerGivesItsSizeHeadAndRoot) {
  open();
  write({2, 1});
  const auto verdict = verify(disk_, kFolder, {.progress = nullptr, .pause = [] {}}).value();
  EXPECT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.entries, 4U);
  EXPECT_EQ(verdict.head, store_->head());
  EXPECT_EQ(verdict.root, store_->root());
  EXPECT_EQ(verdict.origin, kTestOrigin);
}

TEST_F(VerifyTest, EveryFlippedByteIsFoundAndNamed) {
  segment_bytes_ = 1024;
  open();
  write({1, 3, 1, 2, 1, 1, 1, 1});
  store_.reset();
  const auto names = list_segments(disk_, kFolder).value();
  ASSERT_GT(names.size(), 1U);
  for (const auto& name : names) {
    const std::uint64_t first = *parse_segment_name(name);
    for (std::size_t i = 0; i < disk_.bytes(segment(first)).size(); ++i) {
      for (const char mask : {'\x01', '\x80', '\xff'}) {
        ASSERT_THAT(flipped(first, i, mask),
                    AnyOf(StartsWith("group starting at record "), StartsWith("record "),
                          StartsWith("segment header of " + name)))
            << name << " byte " << i;
      }
    }
  }
  EXPECT_EQ(verify_text(disk_), "ok");
}

TEST_F(VerifyTest, FlippedByteIsNamedByItsRecord) {
  open();
  write({1, 1, 1});
  const std::string& bytes = disk_.bytes(segment(0));
  const std::size_t second = bytes.find("payload of 2");
  EXPECT_EQ(flipped(0, second, 1), "group starting at record 2: its checksum does not match");
  EXPECT_THAT(flipped(0, 20, 1), StartsWith("segment header of 00000000000000000000.seg"));
}

TEST_F(VerifyTest, DamageBehindTheLastGroupIsFoundToo) {
  open();
  write({1});
  EXPECT_THAT(flipped(0, segment_bytes_ - 1, 1),
              AllOf(StartsWith("group starting at record 2"),
                    HasSubstr("bytes at the end are not yet a whole group")));
}

// What a careful forger would do: payload changed, checksum made to fit.
TEST_F(VerifyTest, PayloadThatItsLeafDoesNotCommitToIsFound) {
  open();
  const std::string body = batch_body("the true answer");
  ASSERT_TRUE(store_->append(numbered_id(1), Kind::kBatch, body, "a false answer"));
  ASSERT_TRUE(store_->sync());
  EXPECT_EQ(verify_text(disk_), "record 1: its payload is not the one that its leaf commits to");
}

TEST_F(VerifyTest, NoLedgerIsNotASoundLedger) {
  const auto verdict = verify(disk_, kFolder, {.progress = nullptr, .pause = [] {}});
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::kNotFound);
}

TEST_F(VerifyTest, GroupThatIsBeingWrittenIsWaitedFor) {
  open();
  write({2});
  const std::string before = disk_.bytes(segment(0));
  write({2});
  const std::string after = disk_.bytes(segment(0));
  disk_.bytes(segment(0)) = before.substr(0, 500) + after.substr(500, 300) + before.substr(800);
  int pauses = 0;
  const auto verdict = verify(disk_, kFolder, {.progress = nullptr, .pause = [&] {
                                                 if (++pauses == 2) disk_.bytes(segment(0)) = after;
                                               }});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->wrong, "");
  EXPECT_EQ(verdict->entries, 5U);
  EXPECT_EQ(pauses, 2);
}

TEST_F(VerifyTest, OneRecordCanBeReadBesideTheWriter) {
  open();
  write({3, 3, 3, 3, 3, 3, 3, 3});
  for (std::uint64_t i = 0; i < store_->size(); ++i) {
    const auto entry = read_entry(disk_, kFolder, i);
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(entry->leaf, store_->get(i)->leaf);
  }
  EXPECT_EQ(read_entry(disk_, kFolder, 25).error().code, Errc::kNotFound);
}

TEST(VerifyLiveTest, LedgerThatIsBeingWrittenToVerifiesAtEveryMoment) {
  test::TempDir folder;
  FakeClock clock;
  auto store = Store::open(system_io(), folder.path(), clock,
                           {.origin = kTestOrigin, .segment_bytes = 256 * 1024, .visit = nullptr})
                   .value();
  std::atomic<std::uint64_t> synced = 0;
  const auto write = [&] {
    for (std::uint64_t i = 1; i <= 300; ++i) {
      const std::string payload(1 + i * 37 % 9000, 'p');
      ASSERT_TRUE(store->append(numbered_id(i), Kind::kBatch, batch_body(payload), payload));
      ASSERT_TRUE(store->sync());
      synced = i;
      synced.notify_one();
    }
  };
  std::jthread writer([&] {
    write();
    synced = 300;  // if it failed, too: nobody waits for more
    synced.notify_one();
  });
  const auto pause = [&synced] {  // until more is there
    if (const std::uint64_t before = synced; before < 300) synced.wait(before);
  };
  std::uint64_t seen = 0;
  while (seen < 301) {
    const auto verdict = verify(system_io(), folder.path(), {.progress = nullptr, .pause = pause});
    ASSERT_TRUE(verdict) << verdict.error().message;
    ASSERT_EQ(verdict->wrong, "");
    ASSERT_GE(verdict->entries, seen);
    seen = verdict->entries;
  }
}

}  // namespace
}  // namespace groove::ledger
