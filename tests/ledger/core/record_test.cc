#include "ledger/core/record.h"

#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

Leaf sample() {
  Leaf leaf{.kind = Kind::kBatch, .index = 7, .time_us = 1'700'000'000'000'000, .body = "body"};
  leaf.prev.bytes.fill(0xab);
  leaf.entry_id.bytes.fill(0xcd);
  return leaf;
}

std::string changed(std::size_t at, char to) {
  std::string bytes = encode_leaf(sample());
  bytes[at] = to;
  return bytes;
}

std::string refusal(std::string_view bytes) {
  const auto leaf = decode_leaf(bytes);
  return leaf ? "accepted" : leaf.error().message;
}

TEST(RecordTest, LeafComesBackAsItWas) {
  EXPECT_EQ(decode_leaf(encode_leaf(sample())).value(), sample());
}

TEST(RecordTest, LayoutIsTheOneInTheHeader) {
  const std::string bytes = encode_leaf(sample());
  EXPECT_EQ(to_hex(bytes.substr(0, 24)), "4752564c01020000000000000000000700060a24181e4000");
  EXPECT_EQ(bytes.substr(24, 32), std::string(32, '\xab'));
  EXPECT_EQ(bytes.substr(56, 16), std::string(16, '\xcd'));
  EXPECT_EQ(bytes.substr(72), "body");
}

TEST(RecordTest, GoldenLeavesDecodeAndEncodeToTheSameBytes) {
  for (const auto& folder : vector_folders()) {
    for (const Row& row : read_rows(folder / "leavesB.tsv")) {
      const std::string bytes = from_hex(row[1]);
      const auto leaf = decode_leaf(bytes);
      ASSERT_TRUE(leaf) << row[0] << ": " << leaf.error().message;
      EXPECT_EQ(std::to_string(leaf->index), row[0]);
      EXPECT_EQ(encode_leaf(*leaf), bytes);
    }
  }
}

TEST(RecordTest, EveryFieldOfTheHeadIsChecked) {
  EXPECT_EQ(refusal(changed(0, 'X')), "the leaf does not start with GRVL");
  EXPECT_EQ(refusal(changed(4, 2)), "leaf version 2 is not known");
  EXPECT_EQ(refusal(changed(5, 0)), "leaf kind 0 is not known");
  EXPECT_EQ(refusal(changed(5, 8)), "leaf kind 8 is not known");
  EXPECT_EQ(refusal(changed(5, '\xff')), "leaf kind 255 is not known");
  EXPECT_EQ(refusal(changed(6, 1)), "bytes 6 and 7 of the leaf are not zero");
  EXPECT_EQ(refusal(changed(7, 1)), "bytes 6 and 7 of the leaf are not zero");
}

TEST(RecordTest, SizeIsBounded) {
  EXPECT_EQ(refusal(encode_leaf(sample()).substr(0, 71)), "a leaf of 71 bytes; it has 72 to 65535");
  Leaf largest = sample();
  largest.body.assign(kLeafBytesMax - kLeafHeadBytes, 'b');
  EXPECT_TRUE(decode_leaf(encode_leaf(largest)));
  EXPECT_EQ(refusal(encode_leaf(largest) + "x"), "a leaf of 65536 bytes; it has 72 to 65535");
}

}  // namespace
}  // namespace groove::ledger
