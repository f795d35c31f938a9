#include "clusterer/core/carry_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "clusterer/core/random.h"

namespace groove::clusterer {
namespace {

using testing::ElementsAre;

Vector at(int x) { return {static_cast<std::int16_t>(x)}; }

TEST(CarryOverTest, BarycentersAreMeansOfWhatWasClusteredAndTheRestGoesToTheNearest) {
  const std::vector<Vector> vectors = {at(0), at(100), at(11), at(-3), at(90), at(56)};
  const std::vector<std::uint32_t> songs = {0, 1, 2}, labels = {1, 0, 1};
  const Clustering found = carry_over(vectors, songs, labels, 2);
  EXPECT_THAT(found.barycenters, ElementsAre(at(100), at(6)));  // 5.5, half up
  EXPECT_THAT(found.labels, ElementsAre(1, 0, 1, 1, 0, 0));
  EXPECT_THAT(found.sizes, ElementsAre(3, 3));
  EXPECT_THAT(found.distances, ElementsAre(36, 0, 25, 81, 100, 44 * 44));
  EXPECT_THAT(found.inertias, ElementsAre(100 + 44 * 44, 36 + 25 + 81));
}

TEST(CarryOverTest, ASongThatWasClusteredStaysThoughAnotherBarycenterIsNearer) {
  const std::vector<Vector> vectors = {at(0), at(10), at(100), at(9)};
  const std::vector<std::uint32_t> songs = {0, 1, 2, 3}, labels = {0, 0, 1, 1};
  EXPECT_THAT(carry_over(vectors, songs, labels, 2).labels, ElementsAre(0, 0, 1, 1));
}

TEST(CarryOverTest, SizesAndInertiasAddUpOnAnySongs) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const std::size_t clusters = 1 + random.below(9);
    std::vector<Vector> vectors(200);
    std::vector<std::uint32_t> songs, labels;
    for (std::uint32_t i = 0; i < vectors.size(); ++i) {
      for (auto& value : vectors[i])
        value = static_cast<std::int16_t>(static_cast<int>(random.below(2001)) - 1000);
      if (random.below(3) == 0) continue;
      songs.push_back(i);
      labels.push_back(static_cast<std::uint32_t>(random.below(clusters)));
    }
    const Clustering found = carry_over(vectors, songs, labels, clusters);
    std::map<std::size_t, std::uint64_t> sizes, inertias;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      ++sizes[found.labels[i]];
      inertias[found.labels[i]] += static_cast<std::uint64_t>(
          squared_distance(vectors[i], found.barycenters[found.labels[i]]));
    }
    for (std::size_t c = 0; c < clusters; ++c) {
      EXPECT_EQ(found.sizes[c], sizes[c]) << "seed " << seed;
      EXPECT_EQ(found.inertias[c], inertias[c]) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace groove::clusterer
