#include "workers/envelope.h"

#include <gtest/gtest.h>

#include <map>

#include "workers/rendezvous.h"

namespace groove {
namespace {

handoff::Entry entry() {
  return {Stage::kScore, "1700000000123-7", ListenerId{42}, 9, "0123456789abcdef and the fact"};
}

constexpr std::uint64_t kTarget = 77;

TEST(EnvelopeTest, AFrameSurvivesTheWire) {
  const auto back = decode_frame(encode_frame(entry(), kTarget), Stage::kScore, kTarget);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->id, entry().id);
  EXPECT_EQ(back->listener, entry().listener);
  EXPECT_EQ(back->sequence, entry().sequence);
  EXPECT_EQ(back->message, entry().message);
}

TEST(EnvelopeTest, AnotherStageOrAnotherWorkerRefusesIt) {
  const std::string frame = encode_frame(entry(), kTarget);
  EXPECT_FALSE(decode_frame(frame, Stage::kFetch, kTarget));
  EXPECT_FALSE(decode_frame(frame, Stage::kScore, kTarget + 1));
}

TEST(EnvelopeTest, AFrameCutAnywhereBeforeTheFactIsRefused) {
  const std::string frame = encode_frame(entry(), kTarget);
  for (std::size_t size = 0; size < 64; ++size)
    EXPECT_FALSE(decode_frame(frame.substr(0, size), Stage::kScore, kTarget)) << size;
}

TEST(EnvelopeTest, AChangedHeaderIsRefusedOrNamesAnotherEntry) {
  const std::string frame = encode_frame(entry(), kTarget);
  for (std::size_t at = 0; at < 48; ++at) {
    std::string changed = frame;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto back = decode_frame(changed, Stage::kScore, kTarget);
    if (!back) continue;
    EXPECT_TRUE(back->id != entry().id || back->sequence != entry().sequence) << at;
  }
}

TEST(RendezvousTest, OwnersAreSpreadAndOneMoreTakesOnlyItsShare) {
  const std::vector<std::string> three = {"score-1", "score-2", "score-3"};
  const std::vector<std::string> four = {"score-4", "score-2", "score-1", "score-3"};
  std::map<std::string, int> count;
  int moved = 0;
  for (std::uint32_t p = 0; p < kPartitionCount; ++p) {
    const std::string& before = three[owner_of(p, three)];
    const std::string& after = four[owner_of(p, four)];
    ++count[before];
    if (before == after) continue;
    EXPECT_EQ(after, "score-4");
    ++moved;
  }
  for (const auto& [name, owned] : count) EXPECT_GT(owned, 256 / 3 / 2) << name;
  EXPECT_GT(moved, 256 / 4 / 2);
  EXPECT_LT(moved, 256 / 4 * 2);
}

}  // namespace
}  // namespace groove
