#include "clusterer/core/rank_gaussian.h"

#include <gtest/gtest.h>

#include <cmath>

#include "clusterer/core/random.h"

namespace groove::clusterer {
namespace {

std::vector<std::uint16_t> column(std::size_t songs, std::uint64_t values, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint16_t> out;
  for (std::size_t i = 0; i < songs; ++i)
    out.push_back(static_cast<std::uint16_t>(random.below(values) * (65535 / values)));
  return out;
}

TEST(NormalQuantileTest, MeetsTheValuesThatWichuraPublished) {
  EXPECT_NEAR(normal_quantile(1, 4), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(normal_quantile(1, 1000), -3.090232306167814, 1e-14);
  EXPECT_NEAR(normal_quantile(975, 1000), 1.959963984540054, 1e-14);
  EXPECT_EQ(normal_quantile(1, 2), 0.0);
}

TEST(NormalQuantileTest, IsTheInverseOfTheNormalDistribution) {
  constexpr std::uint64_t kWhole = 1ULL << 52;
  for (std::uint64_t p = 1; p < kWhole / 2; p += p / 3 + 1) {
    const double z = normal_quantile(p, kWhole);
    const long double back = erfcl(-static_cast<long double>(z) / sqrtl(2.0L)) / 2;
    const long double truth = static_cast<long double>(p) / kWhole;
    EXPECT_LE(fabsl(back / truth - 1), 1e-13L) << "p = " << p << " / 2^52";
    EXPECT_EQ(normal_quantile(kWhole - p, kWhole), -z);
  }
}

TEST(RankGaussianTest, LaterInLineIsNeverLowerAndEqualIsEqual) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto values = column(2'000, 50 * seed * seed, seed);
    const auto out = rank_gaussian(values, 1);
    for (std::size_t i = 1; i < values.size(); ++i) {
      const int before = out.vectors[i - 1][0], here = out.vectors[i][0];
      EXPECT_TRUE(values[i - 1] == values[i]  ? before == here
                  : values[i - 1] < values[i] ? before <= here
                                              : before >= here)
          << "seed " << seed << ", song " << i;
    }
  }
}

TEST(RankGaussianTest, WithoutTiesTheScoresAreAStandardNormalSample) {
  std::vector<std::uint16_t> values(60'000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::uint16_t>((i * 7919) % 60'000);
  double sum = 0, squares = 0;
  for (const Vector& vector : rank_gaussian(values, 1).vectors) {
    sum += vector[0];
    squares += vector[0] * vector[0];
  }
  EXPECT_EQ(sum, 0);  // symmetric to the bit
  EXPECT_NEAR(std::sqrt(squares / 60'000) / kVectorScale, 1, 0.001);
}

TEST(RankGaussianTest, TiesShareTheMeanOfTheirRanks) {
  const std::vector<std::uint16_t> values = {7, 1, 7, 9};  // ranks 1.5, 0, 1.5, 3
  const auto out = rank_gaussian(values, 1);
  EXPECT_EQ(out.vectors[0][0], 0);
  EXPECT_EQ(out.vectors[2][0], 0);
  EXPECT_EQ(out.vectors[1][0], std::round(1024 * normal_quantile(1, 8)));
  EXPECT_EQ(out.vectors[3][0], -out.vectors[1][0]);
}

TEST(RankGaussianTest, AConstantFeatureAndAnAbsentOneSayNothing) {
  const std::vector<std::uint16_t> rows = {5, 100, 5, 200, 5, 300};
  for (const Vector& vector : rank_gaussian(rows, 2).vectors) {
    EXPECT_EQ(vector[0], 0);
    for (std::size_t d = 2; d < vector.size(); ++d) EXPECT_EQ(vector[d], 0);
  }
}

TEST(RankGaussianTest, OneSongIsTheMiddle) {
  const auto out = rank_gaussian(std::vector<std::uint16_t>{65535, 0}, 2);
  EXPECT_EQ(out.vectors, std::vector<Vector>{Vector{}});
  EXPECT_EQ(out.scales[0].scale(3), 0);
}

TEST(RankScaleTest, TheKnotsReproduceASmallCatalogueExactly) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto values = column(1 + 12 * seed + seed % 3, 4 + seed * seed, seed);
    ASSERT_LE(values.size(), kKnotsMax);
    const auto out = rank_gaussian(values, 1);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_EQ(out.scales[0].scale(values[i]), out.vectors[i][0]) << "seed " << seed;
  }
}

// Where every song of a large catalogue lands again, its rank is off by at most one knot's step.
TEST(RankScaleTest, TheKnotsReproduceALargeCatalogueWithinAStep) {
  for (const std::uint64_t kinds : {2ULL, 12ULL, 300ULL, 65'535ULL}) {
    const auto values = column(50'000, kinds, kinds);
    const auto out = rank_gaussian(values, 1);
    EXPECT_EQ(out.scales[0].knots.size(), kKnotsMax);
    const auto share = [](int score) { return std::erfc(-score / 1024.0 / std::sqrt(2.0)) / 2; };
    for (std::size_t i = 0; i < values.size(); i += 7)
      EXPECT_NEAR(share(out.scales[0].scale(values[i])), share(out.vectors[i][0]), 1.05 / 256)
          << kinds << " kinds of values, value " << values[i];
  }
}

TEST(RankScaleTest, NeverFallsAsTheValueRises) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto out = rank_gaussian(column(40 * seed * seed, 3 + 20 * seed, seed), 1);
    int before = -kVectorMax;
    for (int value = 0; value < 65'536; ++value) {
      const int here = out.scales[0].scale(static_cast<std::uint16_t>(value));
      ASSERT_GE(here, before) << "seed " << seed << ", value " << value;
      before = here;
    }
  }
}

}  // namespace
}  // namespace groove::clusterer
