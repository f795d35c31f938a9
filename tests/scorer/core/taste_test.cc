#include "scorer/core/taste.h"

#include <cmath>

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using test::kDimensions;
using test::World;

class KernelTest : public testing::Test {
 protected:
  World world_{3000};
  SoundTable table_ = world_.table();

  Taste taste_of(Song songs) const {
    std::vector<TasteSong> liked;
    for (Song s = 0; s < songs; ++s) liked.push_back(world_.song(s));
    return make_taste(liked, table_.overall(), kDimensions);
  }
};

TEST_F(KernelTest, UpToTheBoundEachSongHasItsOwn) {
  const Taste taste = taste_of(kKernelsMax);
  ASSERT_EQ(taste.kernels.size(), kKernelsMax);
  for (const Taste::Kernel& k : taste.kernels) EXPECT_EQ(k.vector, world_.vectors[k.song]);
}

TEST_F(KernelTest, BeyondItTheyAreSharedAndNoShareIsLost) {
  for (const Song songs : {65U, 100U, 500U, 2000U}) {
    const Taste taste = taste_of(songs);
    EXPECT_LE(taste.kernels.size(), kKernelsMax);
    EXPECT_EQ(taste.songs.size(), songs);
    double share = 0;
    for (const Taste::Kernel& k : taste.kernels) share += std::exp(k.log_share);
    EXPECT_NEAR(share, 1, 1e-9) << songs;
  }
}

TEST_F(KernelTest, TheOrderOfSongsChangesNoBit) {
  std::vector<TasteSong> liked;
  for (Song s = 0; s < 300; ++s) liked.push_back(world_.song(s));
  const Taste forwards = make_taste(liked, table_.overall(), kDimensions);
  std::ranges::reverse(liked);
  const Taste backwards = make_taste(liked, table_.overall(), kDimensions);
  ASSERT_EQ(forwards.kernels.size(), backwards.kernels.size());
  for (std::size_t i = 0; i < forwards.kernels.size(); ++i) {
    EXPECT_EQ(forwards.kernels[i].song, backwards.kernels[i].song);
    EXPECT_EQ(forwards.kernels[i].vector, backwards.kernels[i].vector);
    EXPECT_EQ(forwards.kernels[i].log_share, backwards.kernels[i].log_share);
  }
}

TEST_F(KernelTest, ManyCopiesOfOneSoundAreOneKernel) {
  std::vector<TasteSong> liked(200, world_.song(7));
  for (Song s = 0; s < 200; ++s) liked[s].song = s;
  const Taste taste = make_taste(liked, table_.overall(), kDimensions);
  ASSERT_EQ(taste.kernels.size(), 1U);
  EXPECT_EQ(taste.kernels[0].vector, world_.vectors[7]);
}

}  // namespace
}  // namespace groove::scorer
