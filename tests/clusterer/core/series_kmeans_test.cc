#include "clusterer/core/series_kmeans.h"

#include <gtest/gtest.h>

#include <set>

#include "clusterer/core/agreement.h"
#include "clusterer/core/table_kmeans.h"
#include "tests/clusterer/core/plain_series.h"

namespace groove::clusterer {
namespace {

using plain::Sample;
using plain::waves;

class SeriesKmeansTest : public testing::Test {
 protected:
  void given(std::size_t count, std::uint32_t groups, std::size_t dims, std::uint64_t seed,
             std::size_t steps_max = 40) {
    sample_ = waves(count, groups, 20, steps_max, dims, seed);
    set_ = SeriesSet::from(sample_.series).value();
  }
  SeriesClustering clustered(std::size_t clusters, SeriesOptions options = {}) const {
    if (options.threads == 0) options.threads = 2;
    return series_kmeans(*set_, clusters, 7, 1, options);
  }

  Sample sample_;
  std::optional<SeriesSet> set_;
};

TEST_F(SeriesKmeansTest, FindsTheGroupsThatAreThere) {
  given(120, 4, 5, 50);
  const auto found = series_kmeans(*set_, 4, 7, 5, {});
  EXPECT_EQ(adjusted_rand_index(found.labels, sample_.labels), 1);
  EXPECT_TRUE(found.converged);
}

TEST_F(SeriesKmeansTest, EachSeriesIsWithItsNearestBarycenterAndInertiaIsTheMean) {
  given(60, 3, 3, 51);
  const auto found = clustered(5);
  double sum = 0;
  for (std::size_t i = 0; i < sample_.series.size(); ++i) {
    double least = plain::kInfinity;
    for (const Series& b : found.barycenters)
      least = std::min(least, plain::plain_dtw(set_->restored(b), sample_.series[i]));
    const double own =
        plain::plain_dtw(set_->restored(found.barycenters[found.labels[i]]), sample_.series[i]);
    EXPECT_LE(own, least * (1 + 1e-5)) << "series " << i;
    sum += own;
  }
  EXPECT_NEAR(found.inertia, sum / 60, 1e-5 * found.inertia);
}

TEST_F(SeriesKmeansTest, TwelveDigitsKeepTheInertia) {
  for (std::uint64_t seed = 40; seed < 44; ++seed) {
    given(100, 5, seed % 2 == 0 ? 2 : 25, seed);
    const auto all = clustered(5);
    const std::vector<SeriesView> views(sample_.series.begin(), sample_.series.end());
    set_ = SeriesSet::from(views, Digits::kTwelve).value();
    const auto twelve = clustered(5);
    EXPECT_NEAR(twelve.inertia, all.inertia, 1e-3 * all.inertia) << "seed " << seed;
    for (const Series& barycenter : twelve.barycenters)
      for (const float value : barycenter.values) EXPECT_EQ(value, set_->rounded(value));
  }
}

TEST_F(SeriesKmeansTest, BoundsNeverChangeALabelNorABit) {
  for (std::uint64_t seed = 60; seed < 68; ++seed) {
    given(150, 9, seed % 2 == 0 ? 1 : 6, seed);
    for (const Metric metric : {Metric::kDtw, Metric::kSoftDtw}) {
      SeriesOptions options{.measure = {.metric = metric}, .iterations_max = 8};
      const auto bounded = clustered(12, options);
      options.bounds = false;
      const auto every = clustered(12, options);
      EXPECT_EQ(bounded.labels, every.labels) << "seed " << seed;
      EXPECT_EQ(bounded.barycenters, every.barycenters) << "seed " << seed;
      EXPECT_EQ(bounded.inertia, every.inertia) << "seed " << seed;
      EXPECT_LT(bounded.pairs_walked, every.pairs_walked);
    }
  }
}

TEST_F(SeriesKmeansTest, ThreadsDoNotMatter) {
  given(150, 9, 6, 70);
  for (const Metric metric : {Metric::kDtw, Metric::kSoftDtw}) {
    SeriesOptions options{.measure = {.metric = metric}, .iterations_max = 4, .threads = 1};
    const auto one = clustered(12, options);
    options.threads = 7;
    const auto seven = clustered(12, options);
    EXPECT_EQ(one.labels, seven.labels);
    EXPECT_EQ(one.barycenters, seven.barycenters);
    EXPECT_EQ(one.inertia, seven.inertia);
  }
}

TEST_F(SeriesKmeansTest, InertiaNeverRises) {
  for (std::uint64_t seed = 71; seed < 75; ++seed) {
    given(100, 6, 4, seed);
    double before = plain::kInfinity;
    SeriesOptions options{.measure = {.band = seed % 2 == 0 ? Band{10} : Band{}}};
    options.on_step = [&](unsigned step, double inertia, std::size_t) {
      EXPECT_LE(inertia, before * (1 + 1e-6)) << "seed " << seed << ", step " << step;
      before = inertia;
    };
    clustered(6, options);
  }
}

TEST_F(SeriesKmeansTest, AClusterThatLosesAllGetsTheFarthestSeries) {
  given(40, 3, 2, 76);
  std::vector<Series> start(3, set_->centred(sample_.series[0]));
  start[2].values.assign(start[2].values.size(), 1000);  // nothing is near
  const auto found = series_kmeans(*set_, start, {});
  for (const std::uint64_t size : found.sizes) EXPECT_GT(size, 0U);
}

TEST_F(SeriesKmeansTest, AsManyClustersAsSeriesGivesEachItsOwn) {
  given(9, 3, 2, 77);
  const auto found = clustered(9);
  EXPECT_NEAR(found.inertia, 0, 1e-9);
  EXPECT_EQ(std::set(found.labels.begin(), found.labels.end()).size(), 9U);
}

TEST_F(SeriesKmeansTest, EqualSeriesInMoreClustersThanDifferAreNoTrouble) {
  sample_.series.assign(10, sample_.series.emplace_back(Series{1, {1, 2, 3}}));
  set_ = SeriesSet::from(sample_.series).value();
  EXPECT_EQ(clustered(4).inertia, 0);
  EXPECT_EQ(table_kmeans(*set_, 4, 1, 2, {}).inertia, 0);
}

TEST_F(SeriesKmeansTest, MoreRestartsNeverGiveMoreInertia) {
  given(80, 8, 3, 78);
  double before = plain::kInfinity;
  for (unsigned restarts = 1; restarts <= 4; ++restarts) {
    const double inertia = series_kmeans(*set_, 8, 3, restarts, {}).inertia;
    EXPECT_LE(inertia, before);
    before = inertia;
  }
}

TEST_F(SeriesKmeansTest, MiniBatchesComeNearWholeSteps) {
  given(300, 5, 3, 79);
  const auto start = draw_start(*set_, 5, 4, {});
  const auto whole = series_kmeans(*set_, start, {});
  const auto batches = mini_batch_kmeans(*set_, start, 50, 4, {.iterations_max = 30});
  EXPECT_LT(batches.inertia, 1.15 * whole.inertia);
  EXPECT_EQ(batches.barycenters,
            mini_batch_kmeans(*set_, start, 50, 4, {.iterations_max = 30}).barycenters);
}

// Random moves of random barycenters: the bound is below what is true.
TEST(Drift, NeverPromisesMoreThanIsTrue) {
  Random random(80);
  for (int round = 0; round < 300; ++round) {
    const std::size_t dims = 1 + random.below(4);
    const Series x = plain::random_series(1 + random.below(20), dims, random);
    const Series before = plain::random_series(1 + random.below(20), dims, random);
    Series after = before;
    const auto size = static_cast<float>(random.below(100)) / 50;
    for (float& value : after.values) value += size * plain::noise(random);
    Band band;
    if (round % 2 != 0) band = static_cast<unsigned>(random.below(5));
    const double was = std::sqrt(plain::plain_dtw(before, x, band));
    const double is = std::sqrt(plain::plain_dtw(after, x, band));
    EXPECT_GE(is, was - Drift(before, after).distance(x.steps())) << "seed 80, round " << round;
  }
}

class TableTest : public testing::Test {
 protected:
  void given(std::size_t rows, std::size_t width, std::uint64_t seed) {
    Random random(seed);
    rows_.clear();
    for (std::size_t i = 0; i < rows; ++i) rows_.push_back(plain::random_series(1, width, random));
    set_ = SeriesSet::from(rows_).value();
  }
  std::vector<Series> rows_;
  std::optional<SeriesSet> set_;
};

TEST_F(TableTest, IsWhatSeriesOfOneStepGiveUnderDtw) {
  given(500, 4, 90);
  const auto start = draw_start(*set_, 12, 5, {});
  const auto table = table_kmeans(*set_, start, {.iterations_max = 20});
  const auto series = series_kmeans(*set_, start, {.iterations_max = 20, .averaging_max = 1});
  EXPECT_EQ(table.labels, series.labels);
  EXPECT_NEAR(table.inertia, series.inertia, 1e-5 * table.inertia);
}

TEST_F(TableTest, ThreadsDoNotMatterAndBarycentersAreMeans) {
  given(9'000, 13, 91);
  const auto one = table_kmeans(*set_, 20, 3, 1, {.threads = 1});
  const auto three = table_kmeans(*set_, 20, 3, 1, {.threads = 3});
  EXPECT_EQ(one.labels, three.labels);
  EXPECT_EQ(one.barycenters, three.barycenters);
  std::vector<double> sum(13, 0);
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (one.labels[i] == 4)
      for (std::size_t d = 0; d < 13; ++d) sum[d] += rows_[i].values[d];
  const Series barycenter = set_->restored(one.barycenters[4]);
  for (std::size_t d = 0; d < 13; ++d)
    EXPECT_NEAR(barycenter.values[d], sum[d] / static_cast<double>(one.sizes[4]), 0.01);
}

TEST(Agreement, IsOneForTheSameGroupsByOtherNamesAndNoneForChance) {
  const std::vector<std::uint32_t> a = {0, 0, 1, 1, 2, 2}, renamed = {5, 5, 3, 3, 9, 9};
  EXPECT_EQ(adjusted_rand_index(a, renamed), 1);
  // Hubert & Arabie's index by hand: 2 pairs together in both, 3 in a, 6 in b, of 15.
  const std::vector<std::uint32_t> b = {0, 0, 0, 1, 1, 1};
  EXPECT_NEAR(adjusted_rand_index(a, b), (2 - 3 * 6 / 15.0) / (4.5 - 3 * 6 / 15.0), 1e-12);
}

}  // namespace
}  // namespace groove::clusterer
