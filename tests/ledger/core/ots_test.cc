#include "ledger/core/ots.h"

#include <random>

#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using namespace std::string_literals;

const std::string kPending = "\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x09\x08"s + "http://c"s;
const std::string kBitcoin = "\x00\x05\x88\x96\x0d\x73\xd7\x19\x01\x03\xa0\xc2\x1e"s;
const Digest kFile = sha256("a file");
const std::string kNonce(kOtsNonceBytes, 'n');

std::string commitment() { return std::string(as_bytes(ots_commitment(kFile, kNonce))); }

TEST(OtsTest, FileIsWhatTheFormatSays) {
  const std::string bytes = encode_ots(kFile, kNonce, kPending);
  EXPECT_EQ(bytes.substr(0, 33),
            "\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"s);
  EXPECT_EQ(bytes.substr(33, 32), as_bytes(kFile));
  EXPECT_EQ(bytes.substr(65), "\xf0\x10"s + kNonce + "\x08"s + kPending);
}

TEST(OtsTest, PromiseIsReadBack) {
  const auto timestamp =
      decode_ots(encode_ots(kFile, kNonce, "\xf1\x02pre\xf0\x01x\x08"s + kPending));
  EXPECT_FALSE(timestamp) << "the prefix is longer than it says";
  const auto read = decode_ots(encode_ots(kFile, kNonce, "\xf1\x03pre\xf0\x01x\x08"s + kPending));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->file, kFile);
  ASSERT_EQ(read->attestations.size(), 1U);
  EXPECT_EQ(read->attestations[0].kind, Attestation::Kind::kPending);
  EXPECT_EQ(read->attestations[0].calendar, "http://c");
  EXPECT_EQ(read->attestations[0].message, as_bytes(sha256("pre" + commitment() + "x")));
}

TEST(OtsTest, ForksHoldSeveralAttestations) {
  const auto read = decode_ots(encode_ots(kFile, kNonce,
                                          "\xff"s + kPending + "\xff\xf0\x01y\x08"s + kBitcoin +
                                              "\x08\x00"
                                              "someclck\x02hi"s));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->attestations.size(), 3U);
  EXPECT_EQ(read->attestations[0].message, commitment());
  EXPECT_EQ(read->attestations[1].kind, Attestation::Kind::kBitcoin);
  EXPECT_EQ(read->attestations[1].height, 500'000U);
  EXPECT_EQ(read->attestations[1].message, as_bytes(sha256(commitment() + "y")));
  EXPECT_EQ(read->attestations[2].kind, Attestation::Kind::kOther);
}

TEST(OtsTest, CutOrLengthenedIsRefused) {
  const std::string bytes = encode_ots(kFile, kNonce, "\xff"s + kPending + "\x08"s + kBitcoin);
  ASSERT_TRUE(decode_ots(bytes));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(decode_ots(bytes.substr(0, cut))) << cut;
  EXPECT_FALSE(decode_ots(bytes + "\0"s));
}

TEST(OtsTest, NestingAndSizesAreBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "\xff\x08";
  EXPECT_FALSE(decode_ots(encode_ots(kFile, kNonce, deep + kPending)));
  EXPECT_FALSE(decode_ots(encode_ots(kFile, kNonce, std::string(100'000, '\x08') + kPending)));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "\xff"s + kPending;
  EXPECT_FALSE(decode_ots(encode_ots(kFile, kNonce, many + kPending)));
}

TEST(OtsTest, AnyBytesAreReadOrRefused) {
  std::mt19937_64 random(7);
  const std::string good =
      encode_ots(kFile, kNonce, "\xff"s + kPending + "\xf0\x01y\x08"s + kBitcoin);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good;
    for (int flips = 0; flips < 1 + round % 4; ++flips)
      bytes[33 + random() % (bytes.size() - 33)] = static_cast<char>(random());
    const auto read = decode_ots(bytes);
    if (read) {
      EXPECT_FALSE(read->attestations.empty());
    }
  }
}

}  // namespace
}  // namespace groove::ledger
