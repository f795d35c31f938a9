#include "ledger/core/segment.h"

#include <random>

#include "ledger/core/crc32c.h"

namespace groove::ledger {
namespace {

constexpr std::uint32_t kSalt = 0x12345678;

class SegmentTest : public ::testing::Test {
 protected:
  // A group of records "leaf0".. with payloads, at the end of what is there.
  void add(std::size_t records) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < records; ++i) texts.push_back("leaf" + std::to_string(i));
    std::vector<Item> items;
    for (const auto& text : texts) items.push_back({text, "payload"});
    segment_ += encode_group(kSalt, index_, seq_, items);
    index_ += records;
    if (records > 0) ++seq_;
  }
  Step step(std::size_t offset = 0, std::uint64_t index = 0, std::uint64_t seq = 0) {
    return next_step(segment_, offset, kSalt, index, seq);
  }

  std::string segment_;
  std::uint64_t index_ = 0, seq_ = 0;
};

TEST(Crc32cTest, AnswersAreThoseOfTheRfc) {
  // RFC 3720 B.4, and the check value of the CRC catalogues.
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283U);
}

TEST(Crc32cTest, InstructionAndTablesAgreeOnEveryLengthAndStart) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += static_cast<char>(i * i * 37 + i);
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (std::size_t size = 0; begin + size <= bytes.size(); ++size) {
      const std::string_view part = std::string_view(bytes).substr(begin, size);
      ASSERT_EQ(crc32c(part, 7), crc32c_plain(part, 7)) << begin << " + " << size;
    }
}

TEST(SegmentHeaderTest, ComesBackAndEveryFlippedByteIsRefused) {
  SegmentHeader header{.first_index = 5, .first_seq = 3, .salt = kSalt};
  header.prev.bytes.fill(0x77);
  const std::string bytes = encode_segment_header(header);
  ASSERT_EQ(bytes.size(), kSegmentHeaderBytes);
  EXPECT_EQ(decode_segment_header(bytes).value(), header);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] ^= 0x10;
    EXPECT_FALSE(decode_segment_header(flipped)) << "byte " << i;
    EXPECT_FALSE(decode_segment_header(bytes.substr(0, i))) << "cut to " << i;
  }
}

TEST_F(SegmentTest, GroupComesBack) {
  add(2);
  const auto group = decode_group(segment_, kSalt).value();
  ASSERT_EQ(group.items.size(), 2U);
  EXPECT_EQ(group.items[1].leaf, "leaf1");
  EXPECT_EQ(group.items[1].payload, "payload");
  EXPECT_EQ(group.bytes, segment_.size());
  EXPECT_EQ(segment_.size() % 8, 0U);
}

TEST_F(SegmentTest, EveryFlippedBitOfAGroupIsRefused) {
  add(3);
  ASSERT_NE(segment_.back(), 'd') << "the sample must have padding";
  for (std::size_t bit = 0; bit < segment_.size() * 8; ++bit) {
    std::string flipped = segment_;
    flipped[bit / 8] ^= static_cast<char>(1U << bit % 8);
    EXPECT_FALSE(decode_group(flipped, kSalt)) << "bit " << bit;
  }
}

TEST_F(SegmentTest, GroupOfAnotherSegmentIsNoGroupHere) {
  add(1);
  EXPECT_FALSE(decode_group(segment_, kSalt + 1));
}

TEST_F(SegmentTest, ZerosAreTheEnd) {
  segment_.assign(4096, '\0');
  EXPECT_EQ(step().place, Step::Place::kEnd);
  EXPECT_EQ(step(4096).place, Step::Place::kEnd);
}

TEST_F(SegmentTest, CutAnywhereIsTornNotCorrupt) {
  add(2);
  const std::string whole = segment_;
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    segment_ = whole.substr(0, cut) + std::string(64, '\0');
    const Step found = step();
    if (found.place == Step::Place::kGroup) {  // what was cut off was padding
      EXPECT_TRUE(whole.find_first_not_of('\0', cut) == std::string::npos) << cut;
      continue;
    }
    ASSERT_EQ(found.place, Step::Place::kTorn) << "cut at " << cut << ": " << found.wrong;
    EXPECT_LE(found.tail_bytes, cut);
  }
}

TEST_F(SegmentTest, DamageWithAGroupAfterItIsCorrupt) {
  add(2);
  add(0);
  segment_[40] ^= 1;
  EXPECT_EQ(step().place, Step::Place::kCorrupt);
  EXPECT_EQ(step().wrong, "its checksum does not match");
}

TEST_F(SegmentTest, DamagedLengthStillFindsTheGroupAfter) {
  add(1);
  add(1);
  segment_[24] ^= 0x40;
  EXPECT_EQ(step().place, Step::Place::kCorrupt);
}

TEST_F(SegmentTest, GroupOutOfOrderIsCorrupt) {
  add(1);
  EXPECT_EQ(step(0, 1, 0).place, Step::Place::kCorrupt);
  EXPECT_EQ(step(0, 0, 1).place, Step::Place::kCorrupt);
  EXPECT_EQ(step(0, 0, 0).place, Step::Place::kGroup);
}

TEST_F(SegmentTest, PayloadThatLooksLikeAGroupDoesNotMakeATornWriteCorrupt) {
  const std::string inner = encode_group(kSalt ^ 1, 9, 9, {});
  const Item item{"leaf", inner};
  segment_ = encode_group(kSalt, 0, 0, std::span(&item, 1));
  segment_[8] ^= 1;
  EXPECT_EQ(step().place, Step::Place::kTorn);
}

TEST_F(SegmentTest, RandomBytesNeverDecode) {
  const std::uint64_t seed = 7;
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = "GRP1";
    while (bytes.size() < 96) bytes += static_cast<char>(random());
    ASSERT_FALSE(decode_group(bytes, kSalt)) << "seed " << seed << " round " << round;
  }
}

}  // namespace
}  // namespace groove::ledger
