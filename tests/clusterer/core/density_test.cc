#include "clusterer/core/density.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "clusterer/core/kmeans.h"
#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

Background background(const std::vector<Vector>& vectors, std::size_t clusters,
                      std::size_t dimensions = kSampleDims) {
  const Clustering out = kmeans(vectors, clusters, 1);
  return Background(vectors, out.labels, out.barycenters.size(), dimensions);
}

// One cluster is one Gaussian, which can be written out by hand.
TEST(BackgroundTest, OneClusterIsTheGaussianOfItsMoments) {
  const std::vector<Vector> vectors = {Vector{-1024, 512}, Vector{3072, 512}};
  // Dimension 0: mean 1, variance 4 (its own and the catalogue's: shrinking changes nothing).
  // Dimension 1: mean 0.5, no variance: the floor, 1/16.
  const Background out(vectors, std::vector<std::uint16_t>{0, 0}, 1, 2);
  const double pi = std::acos(-1);
  const double peak = -std::log(2 * pi * 4) / 2 - std::log(2 * pi / 16) / 2;
  EXPECT_NEAR(out.log_density(Vector{1024, 512}), peak, 1e-12);
  EXPECT_NEAR(out.log_density(Vector{3072, 512}), peak - 0.5, 1e-12);
  EXPECT_NEAR(out.log_density(Vector{1024, 1024}), peak - 0.5 * 0.25 * 16, 1e-12);
}

TEST(BackgroundTest, DimensionsBeyondTheSpaceDoNotCount) {
  const auto vectors = grouped(500, 3, 1);
  Vector padded = vectors[0];
  padded[kSampleDims] = 4000;
  const Background out = background(vectors, 3);
  EXPECT_EQ(out.log_density(padded), out.log_density(vectors[0]));
}

// A density integrates to 1: over two dimensions a grid can show it.
TEST(BackgroundTest, IntegratesToOne) {
  Random random(5);
  std::vector<Vector> vectors;
  for (int i = 0; i < 400; ++i) {
    const int middle = i % 2 == 0 ? -700 : 900;
    vectors.push_back(Vector{static_cast<std::int16_t>(middle + near_zero(random, 1500)),
                             static_cast<std::int16_t>(near_zero(random, 2500))});
  }
  const Background out = background(vectors, 4, 2);
  double sum = 0;
  constexpr int kStep = 64;
  for (int x = -8192; x < 8192; x += kStep)
    for (int y = -8192; y < 8192; y += kStep)
      sum += std::exp(
          out.log_density(Vector{static_cast<std::int16_t>(x), static_cast<std::int16_t>(y)}));
  EXPECT_NEAR(sum * kStep * kStep / kVectorScale / kVectorScale, 1, 1e-3);
}

TEST(BackgroundTest, IsHigherWhereSongsAreDense) {
  auto vectors = grouped(2'000, 2, 7, 1000);
  const Background out = background(vectors, 8);
  const auto densities = out.log_densities(vectors);
  const double mean = std::accumulate(densities.begin(), densities.end(), 0.0) / 2'000 / 65'536;
  Vector corner;
  corner.fill(kVectorMax);
  EXPECT_LT(out.log_density(corner), mean - 10);
  EXPECT_TRUE(std::isfinite(out.log_density(corner)));
}

TEST(BackgroundTest, TheBitsAreTheSameForEveryNumberOfThreads) {
  const auto vectors = grouped(9'000, 7, 2, 3000);
  const Background out = background(vectors, 12);
  const auto once = out.log_densities(vectors, 1);
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(out.log_densities(vectors, threads), once);
  std::uint64_t hash = 0;
  for (const std::int32_t value : once) hash = mix64(hash + static_cast<std::uint32_t>(value));
  EXPECT_EQ(hash, 6411731393754139227u);
}

TEST(BackgroundTest, AClusterOfOneSongIsNotAPeak) {
  auto vectors = grouped(200, 1, 3, 2000);
  const std::vector<std::uint16_t> one(vectors.size(), 0);
  std::vector<std::uint16_t> alone = one;
  alone[17] = 1;
  const double with = Background(vectors, alone, 2, kSampleDims).log_density(vectors[17]);
  const double without = Background(vectors, one, 1, kSampleDims).log_density(vectors[17]);
  // Its own Gaussian is as wide as all songs'; one of the least width would add 10 nats to the 6.
  EXPECT_LT(with, without + 8);
}

}  // namespace
}  // namespace groove::clusterer
