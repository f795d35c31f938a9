#include "clusterer/core/dtw.h"

#include <gtest/gtest.h>

#include "tests/clusterer/core/plain_series.h"

namespace groove::clusterer {
namespace {

using plain::plain_dtw;
using plain::plain_soft_dtw;
using plain::random_series;

// Each instruction set this machine has.
class DtwTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
  double dtw(const Series& a, const Series& b, Band band = std::nullopt) const {
    return dtw_cost(a, b, band, kernels());
  }
};
INSTANTIATE_TEST_SUITE_P(EachSet, DtwTest, testing::ValuesIn(all_kernels()),
                         [](const auto& set) { return std::string(set.param->name); });

TEST_P(DtwTest, AgreesWithThePlainProgrammeAtEveryLengthAndBand) {
  Random random(11);
  for (int round = 0; round < 150; ++round) {
    const std::size_t dims = std::size_t{1} + random.below(4) * random.below(9);
    const Series a = random_series(1 + random.below(23), dims, random);
    const Series b = random_series(1 + random.below(23), dims, random);
    const double plain = plain_dtw(a, b);
    EXPECT_NEAR(dtw(a, b), plain, 1e-5 * plain) << "seed 11, round " << round;
    for (unsigned band = 0; band < 24; ++band) {
      const double banded = plain_dtw(a, b, band);
      EXPECT_NEAR(dtw(a, b, band), banded, 1e-5 * banded) << "round " << round << " band " << band;
    }
  }
}

TEST_P(DtwTest, IsSymmetricAndZeroOnlyForTheSame) {
  Random random(12);
  for (int round = 0; round < 50; ++round) {
    const Series a = random_series(1 + random.below(60), 1 + random.below(30), random);
    const Series b = random_series(1 + random.below(60), a.dims, random);
    EXPECT_EQ(dtw(a, a), 0) << "seed 12, round " << round;
    EXPECT_GT(dtw(a, b), 0);
    EXPECT_NEAR(dtw(a, b), dtw(b, a), 1e-5 * dtw(a, b));
  }
}

TEST_P(DtwTest, AWiderBandNeverCostsMoreAndNoneIsTheEuclideanDistance) {
  Random random(13);
  for (int round = 0; round < 30; ++round) {
    const std::size_t steps = 1 + random.below(40);
    const Series a = random_series(steps, 3, random), b = random_series(steps, 3, random);
    double euclidean = 0;
    for (std::size_t i = 0; i < steps; ++i) euclidean += plain::squared(a, i, b, i);
    EXPECT_NEAR(dtw(a, b, 0), euclidean, 1e-5 * euclidean) << "seed 13, round " << round;
    double before = dtw(a, b, 0);
    for (unsigned band = 1; band <= steps; ++band) {
      const double cost = dtw(a, b, band);
      EXPECT_LE(cost, before * (1 + 1e-6));
      before = cost;
    }
    EXPECT_EQ(before, dtw(a, b));
  }
}

TEST_P(DtwTest, SoftDtwAgreesWithThePlainOne) {
  Random random(14);
  for (int round = 0; round < 60; ++round) {
    const Series a = random_series(1 + random.below(30), 1 + random.below(12), random);
    const Series b = random_series(1 + random.below(30), a.dims, random);
    for (const double gamma : {0.01, 1.0, 30.0}) {
      const double plain = plain_soft_dtw(a, b, gamma);
      EXPECT_NEAR(soft_dtw(a, b, gamma, kernels()), plain,
                  1e-5 * std::fabs(plain) + 1e-5 * gamma * 60)
          << "seed 14, round " << round << " gamma " << gamma;
    }
  }
}

// Sixteen at once give what each alone gives, by products as by differences.
TEST_P(DtwTest, LanesDoNotMixAndTheProductFormAgrees) {
  Random random(15);
  std::vector<Series> series;
  for (int i = 0; i < 16; ++i) series.push_back(random_series(1 + random.below(50), 25, random));
  const Series center = random_series(37, 25, random);
  const SeriesSet set = SeriesSet::from(series).value();
  std::vector<std::uint32_t> all(16);
  for (std::uint32_t i = 0; i < 16; ++i) all[i] = i;
  Batch batch;
  batch.pack(set, all);
  for (const Band band : {Band{}, Band{0}, Band{5}}) {
    Warp warp(band, kernels());
    const auto costs = warp.dtw(batch, Center(set.centred(center), Form::kProduct));
    for (std::size_t i = 0; i < 16; ++i) {
      const double plain = plain_dtw(center, series[i], band);
      EXPECT_NEAR(costs[i], plain, 2e-5 * plain) << "seed 15, lane " << i;
    }
  }
}

TEST(Kernels, WidestAndNarrowerFusedGiveTheSameBits) {
  const auto all = all_kernels();
  if (all.size() < 3) GTEST_SKIP() << "this machine lacks AVX2 or AVX-512";
  Random random(16);
  for (int round = 0; round < 40; ++round) {
    const Series a = random_series(1 + random.below(70), 1 + random.below(30), random);
    const Series b = random_series(1 + random.below(70), a.dims, random);
    EXPECT_EQ(dtw_cost(a, b, std::nullopt, *all[1]), dtw_cost(a, b, std::nullopt, *all[2]));
    EXPECT_EQ(soft_dtw(a, b, 1, *all[1]), soft_dtw(a, b, 1, *all[2])) << "seed 16 " << round;
  }
}

}  // namespace
}  // namespace groove::clusterer
