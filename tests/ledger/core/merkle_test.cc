#include "ledger/core/merkle.h"

#include <bit>
#include <random>

#include "ledger/core/hash.h"
#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

std::vector<Digest> numbered_leaves(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
  return leaves;
}

// The definition, word for word.
Digest naive_mth(std::span<const Digest> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return node_hash(naive_mth(leaves.first(k)), naive_mth(leaves.subspan(k)));
}

TEST(MerkleTest, EmptyTreeHasTheHashOfNothing) {
  EXPECT_EQ(to_string(RightEdge().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(MerkleTest, LeavesAndRootsAreThoseOfTheReference) {
  for (const auto& folder : vector_folders()) {
    for (const std::string set : {"A", "B", "CT"}) {
      SCOPED_TRACE(folder / set);
      RightEdge edge;
      const auto roots = read_rows(folder / ("roots" + set + ".tsv"));
      const auto leaves = read_rows(folder / ("leaves" + set + ".tsv"));
      ASSERT_EQ(roots.size(), leaves.size() + 1);
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        ASSERT_EQ(edge.root(), digest(roots[i][1])) << "size " << i;
        ASSERT_EQ(leaf_hash(from_hex(leaves[i][1])), digest(leaves[i][2])) << "leaf " << i;
        edge.append(digest(leaves[i][2]));
      }
      EXPECT_EQ(edge.root(), digest(roots.back()[1]));
    }
  }
}

TEST(MerkleTest, RootIsTheDefinitionsForEverySizeTo1100) {
  const auto leaves = numbered_leaves(1100);
  RightEdge edge;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    ASSERT_EQ(edge.root(), naive_mth(std::span(leaves).first(size))) << "size " << size;
    ASSERT_EQ(edge.size(), size);
    if (size < leaves.size()) edge.append(leaves[size]);
  }
}

class ProofTest : public ::testing::TestWithParam<std::string> {
 protected:
  void load(const std::filesystem::path& folder) {
    leaves_.clear();
    roots_.clear();
    for (const Row& row : read_rows(folder / ("leaves" + GetParam() + ".tsv")))
      leaves_.push_back(digest(row[2]));
    for (const Row& row : read_rows(folder / ("roots" + GetParam() + ".tsv")))
      roots_.push_back(digest(row[1]));
  }
  std::span<const Digest> first(std::uint64_t size) { return std::span(leaves_).first(size); }

  std::vector<Digest> leaves_, roots_;
};

TEST_P(ProofTest, InclusionProofsAreThoseOfTheReference) {
  for (const auto& folder : vector_folders()) {
    load(folder);
    for (const Row& row : read_rows(folder / ("inclusion" + GetParam() + ".tsv"))) {
      const auto size = std::stoull(row[0]), index = std::stoull(row[1]);
      const auto proof = digests(row[2]);
      ASSERT_EQ(inclusion_proof(first(size), index), proof) << size << " " << index;
      ASSERT_TRUE(verify_inclusion(leaves_[index], index, size, proof, roots_[size]));
    }
  }
}

TEST_P(ProofTest, ConsistencyProofsAreThoseOfTheReference) {
  for (const auto& folder : vector_folders()) {
    load(folder);
    for (const Row& row : read_rows(folder / ("consistency" + GetParam() + ".tsv"))) {
      const auto older = std::stoull(row[0]), newer = std::stoull(row[1]);
      const auto proof = digests(row[2]);
      ASSERT_EQ(consistency_proof(first(newer), older), proof) << older << " " << newer;
      ASSERT_TRUE(verify_consistency(older, roots_[older], newer, roots_[newer], proof));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, ProofTest, ::testing::Values("A", "B"),
                         [](const auto& set) { return set.param; });

TEST(RefusalTest, InclusionProofsThatMustBeRefusedAre) {
  for (const auto& folder : vector_folders()) {
    const auto rows = read_rows(folder / "inclusion_refuse.tsv");
    ASSERT_FALSE(rows.empty());
    for (const Row& row : rows)
      EXPECT_FALSE(verify_inclusion(digest(row[3]), std::stoull(row[2]), std::stoull(row[1]),
                                    digests(row[5]), digest(row[4])))
          << row[0] << " of size " << row[1];
  }
}

TEST(RefusalTest, ConsistencyProofsThatMustBeRefusedAre) {
  for (const auto& folder : vector_folders()) {
    const auto rows = read_rows(folder / "consistency_refuse.tsv");
    ASSERT_FALSE(rows.empty());
    for (const Row& row : rows)
      EXPECT_FALSE(verify_consistency(std::stoull(row[1]), digest(row[3]), std::stoull(row[2]),
                                      digest(row[4]), digests(row[5])))
          << row[0] << " of sizes " << row[1] << " " << row[2];
  }
}

TEST(ProofLawTest, EveryProofOfEverySizeTo70Verifies) {
  const auto leaves = numbered_leaves(70);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const Digest root = merkle_root(tree);
    for (std::size_t i = 0; i < size; ++i)
      ASSERT_TRUE(verify_inclusion(leaves[i], i, size, inclusion_proof(tree, i), root));
    for (std::size_t old = 1; old <= size; ++old)
      ASSERT_TRUE(verify_consistency(old, merkle_root(tree.first(old)), size, root,
                                     consistency_proof(tree, old)));
  }
}

TEST(ProofLawTest, OneFlippedBitAnywhereIsRefused) {
  const std::uint64_t seed = 20250101;
  std::mt19937_64 random(seed);
  const auto leaves = numbered_leaves(57);
  const Digest root = merkle_root(leaves), old_root = merkle_root(std::span(leaves).first(23));
  for (int round = 0; round < 300; ++round) {
    const std::size_t index = random() % leaves.size();
    auto inclusion = inclusion_proof(leaves, index);
    inclusion[random() % inclusion.size()].bytes[random() % 32] ^=
        static_cast<std::uint8_t>(1U << random() % 8);
    ASSERT_FALSE(verify_inclusion(leaves[index], index, leaves.size(), inclusion, root)) << seed;
    auto consistency = consistency_proof(leaves, 23);
    consistency[random() % consistency.size()].bytes[random() % 32] ^=
        static_cast<std::uint8_t>(1U << random() % 8);
    ASSERT_FALSE(verify_consistency(23, old_root, leaves.size(), root, consistency)) << seed;
  }
}

TEST(ProofLawTest, NothingIsConsistentWithAnEmptyOrALargerTree) {
  const auto leaves = numbered_leaves(4);
  const Digest root = merkle_root(leaves);
  EXPECT_FALSE(verify_consistency(0, empty_root(), 4, root, {}));
  EXPECT_FALSE(verify_consistency(5, root, 4, root, {}));
  EXPECT_TRUE(verify_consistency(4, root, 4, root, {}));
  EXPECT_FALSE(verify_consistency(4, leaves[0], 4, root, {}));
}

}  // namespace
}  // namespace groove::ledger
