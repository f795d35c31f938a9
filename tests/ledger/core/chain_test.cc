#include "ledger/core/chain.h"

#include "ledger/core/hash.h"
#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

class ChainTest : public ::testing::Test {
 protected:
  Leaf next(Kind kind, std::uint64_t now_us = 1000) {
    return chain_.next(kind, EventId{}, now_us, "body");
  }
  std::string take(const Leaf& leaf) {
    const auto ok = chain_.extend(leaf, leaf_hash(encode_leaf(leaf)));
    return ok ? "taken" : ok.error().message;
  }

  Chain chain_{"log.example"};
};

TEST_F(ChainTest, GoldenChainIsTaken) {
  for (const auto& folder : vector_folders()) {
    Chain chain("groove.example/ledger/golden");
    for (const Row& row : read_rows(folder / "leavesB.tsv")) {
      const auto leaf = decode_leaf(from_hex(row[1])).value();
      const auto ok = chain.extend(leaf, digest(row[2]));
      ASSERT_TRUE(ok) << row[0] << ": " << ok.error().message;
    }
    EXPECT_GE(chain.size(), 4U);
  }
}

TEST_F(ChainTest, StartIsTheHashOfTheOrigin) {
  EXPECT_EQ(to_string(chain_start("groove.example/ledger/golden")),
            "46133486ce93ae9a43fb14604ff8610376e5baf3062fb43d61470c337ca7b48e");
}

TEST_F(ChainTest, LeafOfAnotherLogIsRefused) {
  const Leaf foreign = Chain("other.example").next(Kind::kGenesis, EventId{}, 1, "");
  EXPECT_EQ(take(foreign), "its prev is not the hash of the log's origin");
  EXPECT_EQ(chain_.size(), 0U);
}

TEST_F(ChainTest, GenesisIsFirstAndOnlyFirst) {
  EXPECT_EQ(take(next(Kind::kBatch)), "a batch leaf has no place here");
  EXPECT_EQ(take(next(Kind::kGenesis)), "taken");
  EXPECT_EQ(take(next(Kind::kGenesis)), "a genesis leaf has no place here");
}

TEST_F(ChainTest, NothingFollowsASeal) {
  take(next(Kind::kGenesis));
  EXPECT_EQ(take(next(Kind::kSeal)), "taken");
  EXPECT_EQ(take(next(Kind::kBatch)), "it follows a seal");
}

TEST_F(ChainTest, ReorderedOrRepeatedLeavesAreRefused) {
  take(next(Kind::kGenesis));
  const Leaf first = next(Kind::kBatch);
  EXPECT_EQ(take(first), "taken");
  EXPECT_EQ(take(first), "it carries index 1");
  Leaf skipped = next(Kind::kBatch);
  skipped.index = 3;
  EXPECT_EQ(take(skipped), "it carries index 3");
}

TEST_F(ChainTest, AnotherLeafBeforeIsNoticed) {
  take(next(Kind::kGenesis));
  Leaf leaf = next(Kind::kBatch);
  leaf.prev.bytes[31] ^= 1;
  EXPECT_EQ(take(leaf), "its prev is not the leaf hash of the record before it");
}

TEST_F(ChainTest, TimeNeverGoesBackThoughTheClockDoes) {
  take(next(Kind::kGenesis, 5000));
  const Leaf early = next(Kind::kBatch, 4000);
  EXPECT_EQ(early.time_us, 5000U);
  Leaf forged = early;
  forged.time_us = 4999;
  EXPECT_EQ(take(forged), "its time is before that of the record before it");
  EXPECT_EQ(take(early), "taken");
}

}  // namespace
}  // namespace groove::ledger
