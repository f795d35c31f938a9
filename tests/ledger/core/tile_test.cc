#include "ledger/core/tile.h"

#include <filesystem>
#include <random>

#include "ledger/core/hash.h"
#include "ledger/core/merkle.h"
#include "ledger/core/tiled_tree.h"
#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

TEST(TileTest, PathsAreThoseOfTheReferenceBothWays) {
  for (const auto& folder : vector_folders()) {
    for (const Row& row : read_rows(folder / "tile_paths.tsv")) {
      const Tile tile{std::stoi(row[0]), std::stoull(row[1]), std::stoull(row[2])};
      EXPECT_EQ(path_of(tile), row[3]);
      EXPECT_EQ(parse_tile_path(row[3]), tile) << row[3];
    }
  }
}

TEST(TileTest, PathsThatAreNotCanonicalAreRefused) {
  for (const std::string path : {"tile/0/00",       "tile/0/0000",      "tile/00/000",
                                 "tile/0/000.p/0",  "tile/0/000.p/256", "tile/0/000.p/01",
                                 "tile/0/x000/001", "tile/0/x001",      "tile/64/000",
                                 "tile/8/0/000",    "tile/data/000",    "tile/0/",
                                 "tile/0",          "tile/0/..",        "tile/entries/000.p/",
                                 "tile/0/000/",     "/tile/0/000",      "tile/0/x001/000.p/256",
                                 "tile/0/x",        "tile/0//",         "tile/-1/000"})
    EXPECT_FALSE(parse_tile_path(path)) << path;
}

TEST(TileTest, SetsOfTilesAreThoseOfTheReference) {
  for (const auto& folder : vector_folders()) {
    for (const Row& row : read_rows(folder / "tile_sets.tsv")) {
      const auto size = std::stoull(row[0]);
      const auto full = split(row[1], ','), partial = split(row[2], ',');
      for (std::size_t level = 0; level < full.size(); ++level) {
        SCOPED_TRACE("size " + row[0] + " level " + std::to_string(level));
        const auto count = std::stoull(full[level]), width = std::stoull(partial[level]);
        const auto at = [&](std::uint64_t n) { return tile_in(static_cast<int>(level), n, size); };
        if (count > 0) {
          EXPECT_EQ(at(count - 1)->width, kTileWidth);
        }
        EXPECT_EQ(at(count) ? at(count)->width : 0, width);
        EXPECT_FALSE(at(count + 1));
      }
      EXPECT_FALSE(tile_in(static_cast<int>(full.size()), 0, size)) << "size " << size;
    }
  }
}

TEST(TileTest, NewTilesAreWhatOneSizeHasAndTheOtherHasNot) {
  for (std::uint64_t old_size = 0; old_size <= 1200; old_size += 37) {
    for (std::uint64_t size = old_size; size <= 1200; size += 61) {
      std::vector<Tile> expected;
      for (int level = 0; level < kTileLevels; ++level)
        for (std::uint64_t index = 0; const auto tile = tile_in(level, index, size); ++index)
          if (tile_in(level, index, old_size) != tile) expected.push_back(*tile);
      EXPECT_EQ(new_tiles(old_size, size), expected) << old_size << " to " << size;
    }
  }
}

TEST(TileTest, BundlesOfTheReferenceAreReadAndWrittenAlike) {
  const auto folder = vector_folders().back();
  const auto bundle = read_text(folder / "logB/tile/entries/000");
  if (bundle.empty()) GTEST_SKIP() << "the whole log is in the shared vectors alone";
  const auto leaves = decode_bundle(bundle, kTileWidth);
  ASSERT_TRUE(leaves) << leaves.error().message;
  EXPECT_EQ(encode_bundle(*leaves), bundle);
  for (std::size_t cut = 0; cut < bundle.size(); cut += 7)
    EXPECT_FALSE(decode_bundle(std::string_view(bundle).substr(0, cut), kTileWidth)) << cut;
  EXPECT_FALSE(decode_bundle(bundle + '\0', kTileWidth));
}

// Tiles of leaves in memory.
class TiledTreeTest : public ::testing::Test {
 protected:
  TiledTreeTest() {
    for (int i = 0; i < 70'000; ++i) leaves_.push_back(leaf_hash(std::to_string(i)));
  }
  Result<std::string> read(const Tile& tile) const {
    const std::uint64_t span = std::uint64_t{1} << (8 * tile.level);
    std::vector<Digest> hashes;
    for (std::uint64_t i = 0; i < tile.width; ++i)
      hashes.push_back(
          merkle_root(std::span(leaves_).subspan((tile.index * kTileWidth + i) * span, span)));
    return encode_hashes(hashes);
  }
  std::vector<Digest> leaves_;
};

TEST_F(TiledTreeTest, RootsAndProofsAreThoseOfTheWholeTree) {
  std::mt19937_64 random(1);
  for (const std::uint64_t size : {1, 2, 255, 256, 257, 300, 511, 512, 700, 65'537}) {
    SCOPED_TRACE("size " + std::to_string(size));
    TiledTree tree(size, [&](const Tile& tile) { return read(tile); });
    const auto first = std::span(leaves_).first(size);
    ASSERT_EQ(tree.root().value(), merkle_root(first));
    for (int i = 0; i < 12; ++i) {
      const std::uint64_t index = random() % size, old_size = 1 + random() % size;
      ASSERT_EQ(tree.inclusion(index, size).value(), inclusion_proof(first, index)) << index;
      ASSERT_EQ(tree.consistency(old_size, size).value(), consistency_proof(first, old_size))
          << old_size;
    }
  }
}

TEST_F(TiledTreeTest, TileOfAnotherSizeIsNamed) {
  TiledTree tree(300, [](const Tile&) { return std::string(31, 'x'); });
  EXPECT_NE(tree.root().error().message.find("tile/1/000.p/1"), std::string::npos);
}

}  // namespace
}  // namespace groove::ledger
