#include "clusterer/core/modes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

class ModesTest : public testing::Test {
 protected:
  void like(const Vector& vector, std::uint32_t weight = 1000, std::uint16_t cluster = 0) {
    songs.push_back({vector, weight, cluster});
  }
  void like_near(const Vector& middle, int count, int spread, std::uint32_t weight = 1000) {
    for (int i = 0; i < count; ++i) like(near(middle, spread, random), weight);
  }
  std::vector<Mode> modes() const { return find_modes(songs, kSampleDims); }

  static constexpr Vector kHere{1500, -1200, 1300, 0, 0, 900};
  static constexpr Vector kThere{-1500, 1200, -1300, 0, 0, -900};
  Random random{11};
  std::vector<LikedVector> songs;
};

TEST_F(ModesTest, TwoGroupsThatStandApartAreTwoModes) {
  for (const int count : {2, 3, 10, 100}) {
    songs.clear();
    like_near(kHere, count, 800);
    like_near(kThere, count + 1, 800);
    const auto out = modes();
    ASSERT_EQ(out.size(), 2u) << count << " songs a group";
    EXPECT_EQ(out[0].songs.size(), count + 1u) << "the heavier first";
    EXPECT_EQ(out[1].songs.front(), 0u);
    EXPECT_EQ(out[1].songs.back(), count - 1u);
  }
}

// Draws as the catalogue's songs lie: one standard deviation in every dimension.
TEST_F(ModesTest, OneGroupIsNotSplit) {
  for (const int count : {4, 5, 8, 20, 50, 300}) {
    for (int again = 0; again < 100; ++again) {
      songs.clear();
      like_near({}, count, 3500);
      EXPECT_EQ(modes().size(), 1u) << count << " songs, time " << again;
    }
  }
}

TEST_F(ModesTest, CloseSongsAreOneSoundHoweverFew) {
  like_near(kHere, 3, 60);
  like_near(near(kHere, 300, random), 3, 60);
  EXPECT_EQ(modes().size(), 1u);
}

TEST_F(ModesTest, ThreeSongsAreOneModeHoweverFarApart) {
  like(kHere);
  like(kThere);
  like(Vector{});
  ASSERT_EQ(modes().size(), 1u);
  EXPECT_EQ(modes()[0].songs, (std::vector<std::size_t>{0, 1, 2}));
}

TEST_F(ModesTest, NoSongsNoModes) { EXPECT_TRUE(modes().empty()); }

TEST_F(ModesTest, TheSameSongManyTimesIsOneMode) {
  for (int i = 0; i < 12; ++i) like(kHere);
  ASSERT_EQ(modes().size(), 1u);
  EXPECT_EQ(modes()[0].songs.size(), 12u);
}

TEST_F(ModesTest, AtMostEightModesAndEverySongIsInOne) {
  for (const auto& vector : grouped(240, 24, 5, 200)) like(vector);
  const auto out = modes();
  EXPECT_EQ(out.size(), kModesMax);
  std::vector<std::size_t> seen;
  for (const Mode& mode : out) seen.insert(seen.end(), mode.songs.begin(), mode.songs.end());
  std::ranges::sort(seen);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  EXPECT_EQ(seen.size(), 240u);
}

TEST_F(ModesTest, TheHeavierModeComesFirstEvenWithFewerSongs) {
  like_near(kHere, 8, 500, 10);
  like_near(kThere, 2, 500, 1000);
  ASSERT_EQ(modes().size(), 2u);
  EXPECT_EQ(modes()[0].songs, (std::vector<std::size_t>{8, 9}));
}

TEST_F(ModesTest, AModeHasTheClusterOfMostOfItsSongs) {
  like(kHere, 1000, 7);
  like(kHere, 10, 3);
  like(kHere, 10, 3);
  EXPECT_EQ(modes()[0].cluster, 3);
  like(kHere, 10, 7);
  EXPECT_EQ(modes()[0].cluster, 7) << "two each: the heavier";
}

TEST_F(ModesTest, TheSameSongsGiveTheSameModes) {
  for (const auto& vector : grouped(500, 6, 8)) like(vector);
  const auto once = modes(), again = modes();
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].songs, again[i].songs);
}

}  // namespace
}  // namespace groove::clusterer
