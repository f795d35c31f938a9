#include "scorer/core/taste.h"

#include <cmath>

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using test::kDimensions;
using test::World;

class TasteSongsTest : public testing::Test {
 protected:
  World world_{3000};
  SoundTable table_ = world_.table();

  TasteSongs first(Song songs) const {
    TasteSongs out;
    for (Song s = 0; s < songs; ++s) out.add(world_.song(s, s % 3, 1 + s % kFullWeight));
    return out;
  }
  Taste taste_of(const TasteSongs& songs) const {
    return make_taste(songs, table_.overall(), kDimensions);
  }
  static void expect_same(const Taste& a, const Taste& b) {
    ASSERT_EQ(a.kernels.size(), b.kernels.size());
    for (std::size_t i = 0; i < a.kernels.size(); ++i) {
      EXPECT_EQ(a.kernels[i].song, b.kernels[i].song);
      EXPECT_EQ(a.kernels[i].vector, b.kernels[i].vector);
      EXPECT_EQ(a.kernels[i].log_share, b.kernels[i].log_share);
    }
    ASSERT_EQ(a.modes.size(), b.modes.size());
    for (std::size_t m = 0; m < a.modes.size(); ++m) {
      EXPECT_EQ(a.modes[m].normal.mean, b.modes[m].normal.mean);
      EXPECT_EQ(a.modes[m].normal.variance, b.modes[m].normal.variance);
      EXPECT_EQ(a.modes[m].log_share, b.modes[m].log_share);
    }
    EXPECT_EQ(a.songs, b.songs);
  }
};

TEST_F(TasteSongsTest, UpToTheBoundEachSongHasItsOwnKernel) {
  const Taste taste = taste_of(first(kKernelsMax));
  ASSERT_EQ(taste.kernels.size(), kKernelsMax);
  for (const Taste::Kernel& k : taste.kernels) EXPECT_EQ(k.vector, world_.vectors[k.song]);
}

TEST_F(TasteSongsTest, BeyondItTheyAreSharedAndNoShareIsLost) {
  for (const Song songs : {17U, 100U, 500U, 2000U}) {
    const Taste taste = taste_of(first(songs));
    EXPECT_LE(taste.kernels.size(), kKernelsMax);
    EXPECT_EQ(taste.songs, songs);
    double share = 0;
    for (const Taste::Kernel& k : taste.kernels) share += std::exp(k.log_share);
    EXPECT_NEAR(share, 1, 1e-9) << songs;
  }
}

// Entered one by one, in any order, with others coming and going: what is left is what counts.
TEST_F(TasteSongsTest, WhatWasTakenBackLeavesNoBit) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test::Dice dice(seed);
    const auto count = static_cast<Song>(1 + dice.below(200));
    std::vector<Song> order(count);
    for (Song s = 0; s < count; ++s) order[s] = s;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.below(i)]);
    TasteSongs songs;
    for (const Song s : order) {
      const auto passing = static_cast<Song>(200 + dice.below(2800));
      songs.add(world_.song(passing, 7));
      songs.add(world_.song(s, s % 3, 1 + s % kFullWeight));
      EXPECT_TRUE(songs.remove(passing));
    }
    EXPECT_FALSE(songs.remove(2999));
    expect_same(taste_of(songs), taste_of(TasteSongs(first(count).sorted())));
  }
}

TEST_F(TasteSongsTest, ManyCopiesOfOneSoundAreOneKernel) {
  TasteSongs songs;
  for (Song s = 0; s < 200; ++s) songs.add({.song = s, .vector = world_.vectors[7]});
  const Taste taste = taste_of(songs);
  ASSERT_EQ(taste.kernels.size(), 1U);
  EXPECT_EQ(taste.kernels[0].vector, world_.vectors[7]);
}

}  // namespace
}  // namespace groove::scorer
