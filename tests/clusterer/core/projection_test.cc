#include "clusterer/core/projection.h"

#include <gtest/gtest.h>

#include "clusterer/core/kmeans.h"
#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

class ProjectionTest : public testing::Test {
 protected:
  void cluster(std::vector<Vector> songs, std::size_t clusters) {
    vectors = std::move(songs);
    clustering = kmeans(vectors, clusters, 1);
  }
  Projection project(unsigned threads = 0) const {
    return make_projection(vectors, clustering.labels, clustering.barycenters, threads);
  }

  std::vector<Vector> vectors;
  Clustering clustering;
};

TEST_F(ProjectionTest, TheBitsAreTheSameForEveryNumberOfThreadsAndEveryRun) {
  cluster(grouped(20'000, 10, 4, 3000), 16);
  const Projection once = project(1);
  for (const unsigned threads : {1U, 2U, 3U, 7U}) {
    const Projection again = project(threads);
    EXPECT_EQ(again.axes, once.axes);
    EXPECT_EQ(again.low, once.low);
    EXPECT_EQ(again.high, once.high);
    EXPECT_EQ(again.pca_separation, once.pca_separation);
    EXPECT_EQ(again.lda_separation, once.lda_separation);
  }
}

TEST_F(ProjectionTest, ThePlaneThatSeparatesBetterIsTaken) {
  // The groups differ in dimension 0 alone; dimension 1 and 2 are wide and say nothing.
  Random random(3);
  std::vector<Vector> songs;
  for (int i = 0; i < 3'000; ++i) {
    Vector song{};
    song[0] = static_cast<std::int16_t>(600 * (i % 3) + near_zero(random, 200));
    song[1] = static_cast<std::int16_t>(near_zero(random, 4000));
    song[2] = static_cast<std::int16_t>(near_zero(random, 4000));
    songs.push_back(song);
  }
  std::vector<std::uint16_t> labels;
  for (int i = 0; i < 3'000; ++i) labels.push_back(static_cast<std::uint16_t>(i % 3));
  const std::vector<Vector> barycenters = {Vector{0}, Vector{600}, Vector{1200}};
  const Projection out = make_projection(songs, labels, barycenters);
  EXPECT_EQ(out.plane, Plane::kLda);
  EXPECT_GT(out.lda_separation, 0.95);
  EXPECT_LT(out.pca_separation, 0.6);
  EXPECT_LT(out.place(Vector{0})[0], out.place(Vector{1200})[0]) << "the sign is fixed";
}

TEST_F(ProjectionTest, TheLargestCoefficientOfAnAxisIsPositive) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    cluster(grouped(500, 4, seed), 4);
    for (const auto& axis : project().axes) {
      const double least = *std::ranges::min_element(axis);
      EXPECT_LE(-least, *std::ranges::max_element(axis)) << "seed " << seed;
    }
  }
}

TEST_F(ProjectionTest, AnOutlierDoesNotSquashTheMap) {
  auto songs = grouped(5'000, 5, 9);
  songs.push_back(Vector{kVectorMax, -kVectorMax, kVectorMax, -kVectorMax, kVectorMax});
  cluster(songs, 5);
  const Projection map = project();
  for (int axis = 0; axis < 2; ++axis) {
    int left = 0, right = 0;
    for (const Vector& song : vectors) {
      const int at = map.place(song)[axis];
      ASSERT_GE(at, 65535 / 20 - 1);
      ASSERT_LE(at, 65535 - 65535 / 20 + 1);
      left += at < 65535 / 3;
      right += at > 65535 * 2 / 3;
    }
    EXPECT_GT(left, 100);
    EXPECT_GT(right, 100);
  }
}

TEST_F(ProjectionTest, SongsThatAllSoundTheSameLieInTheMiddle) {
  cluster(std::vector<Vector>(20, Vector{77, -5}), 3);
  EXPECT_EQ(project().place(vectors[0]), (std::array<std::uint16_t, 2>{32768, 32768}));
}

TEST_F(ProjectionTest, OneSongHasAMapToo) {
  cluster({Vector{1, 2, 3}}, 1);
  EXPECT_EQ(project().place(vectors[0]), (std::array<std::uint16_t, 2>{32768, 32768}));
}

}  // namespace
}  // namespace groove::clusterer
