#include "clusterer/core/neighbour_map.h"

#include <gtest/gtest.h>

#include "clusterer/core/kmeans.h"
#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

class NeighbourMapTest : public testing::Test {
 protected:
  void given(std::vector<Vector> songs) {
    songs_ = std::move(songs);
    const Clustering clustering = kmeans(songs_, std::min<std::size_t>(8, songs_.size()), 1);
    plane_ = make_projection(songs_, clustering.labels, clustering.barycenters);
  }
  std::vector<Place> places(const auto& map) const {
    std::vector<Place> out;
    for (const Vector& song : songs_) out.push_back(map.place(song));
    return out;
  }

  std::vector<Vector> songs_;
  Projection plane_;
};

TEST_F(NeighbourMapTest, KeepsMoreNeighboursThanThePlane) {
  given(grouped(3'000, 10, 24, 1500));
  const MapQuality plane = map_quality(songs_, places(plane_), 2);
  const MapQuality map = map_quality(songs_, places(NeighbourMap(songs_, plane_, 2)), 2);
  EXPECT_GT(map.trustworthiness, plane.trustworthiness + 0.02);
  EXPECT_GT(map.continuity, plane.continuity - 0.05);
}

TEST_F(NeighbourMapTest, ThreadsDoNotMatter) {
  given(grouped(500, 10, 5, 1500));
  EXPECT_EQ(places(NeighbourMap(songs_, plane_, 1)), places(NeighbourMap(songs_, plane_, 5)));
}

TEST_F(NeighbourMapTest, ANewSongLiesWithItsLike) {
  given(grouped(600, 10, 6, 300));
  const NeighbourMap map(songs_, plane_, 2);
  Vector beside = songs_[7];
  beside[0] = static_cast<std::int16_t>(beside[0] + 1);
  const Place known = map.place(songs_[7]), fresh = map.place(beside);
  EXPECT_NEAR(known[0], fresh[0], 1500);
  EXPECT_NEAR(known[1], fresh[1], 1500);
}

TEST_F(NeighbourMapTest, FewSongsAndEqualSongsHaveAPlace) {
  for (const std::size_t count : {1U, 2U, 3U, 5U, 40U}) {
    given(std::vector<Vector>(count, Vector{5, 6}));
    for (const Place& place : places(NeighbourMap(songs_, plane_, 2))) {
      EXPECT_GT(place[0], 3000) << count;
      EXPECT_LT(place[0], 62'600) << count;
    }
    given(grouped(count, 10, 3, 500));
    places(NeighbourMap(songs_, plane_, 2));
  }
}

TEST(MapQuality, IsOneForThePlaneItselfAndHalfForChance) {
  Random random(5);
  std::vector<Vector> songs;
  std::vector<Place> same, chance;
  for (int i = 0; i < 600; ++i) {
    Vector song{};
    song[0] = static_cast<std::int16_t>(random.below(4000));
    song[1] = static_cast<std::int16_t>(random.below(4000));
    songs.push_back(song);
    same.push_back({static_cast<std::uint16_t>(song[0]), static_cast<std::uint16_t>(song[1])});
    chance.push_back({static_cast<std::uint16_t>(random.below(60'000)),
                      static_cast<std::uint16_t>(random.below(60'000))});
  }
  const MapQuality kept = map_quality(songs, same, 2), lost = map_quality(songs, chance, 2);
  EXPECT_EQ(kept.trustworthiness, 1);
  EXPECT_EQ(kept.continuity, 1);
  EXPECT_NEAR(lost.trustworthiness, 0.5, 0.03);
  EXPECT_NEAR(lost.continuity, 0.5, 0.03);
}

}  // namespace
}  // namespace groove::clusterer
