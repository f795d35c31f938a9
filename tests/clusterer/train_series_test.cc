// Training on a catalogue whose songs have series.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "clusterer/fit.h"
#include "clusterer/series_method.h"
#include "clusterer/train.h"
#include "tests/clusterer/core/plain_series.h"
#include "tests/clusterer/stage_fixture.h"
#include "workers/model.h"

namespace groove::clusterer {
namespace {

using testing::HasSubstr;

class TrainSeriesTest : public StageTest {
 protected:
  // 120 songs of 3 groups by series and of 2 by vectors, which have nothing to do with those; then
  // 30 without series.
  void import_waves(std::size_t steps_max = 30) {
    sample_ = plain::waves(120, 3, 20, steps_max, 4, 7);
    import(150, 2, 1, sample_.series);
  }
  Model reader(const v1::Model& message) const {
    auto model = Model::from(message, catalogue_);
    EXPECT_TRUE(model) << model.error().message;
    return std::move(*model);
  }
  v1::Model trained(Metric metric, std::size_t clusters = 3) {
    catalogue_ = catalogue();
    const auto done = train(catalogue_, {.clusters = clusters, .metric = metric});
    EXPECT_TRUE(done) << done.error().message;
    return done->model;
  }

  plain::Sample sample_;
  Catalog catalogue_ = [this] {
    import(1, 1);
    return catalogue();
  }();
};

TEST_F(TrainSeriesTest, ClustersAreThoseOfTheSeriesAndTheRestGoesToTheNearestByItsVector) {
  import_waves();
  for (const auto& [name, metric] : metrics()) {
    if (metric == Metric::kEuclidean) continue;
    const v1::Model message = trained(metric);
    EXPECT_EQ(message.series().metric(), name);
    const Model model = reader(message);
    for (SongIndex song = 0; song < 120; ++song)
      EXPECT_EQ(model.cluster(song), model.cluster(song % 3)) << name << ", song " << song;
    EXPECT_NE(model.cluster(0), model.cluster(1));
    EXPECT_NE(model.cluster(1), model.cluster(2));
    std::uint64_t songs = 0;
    for (const v1::Cluster& cluster : message.clusters()) songs += cluster.size();
    EXPECT_EQ(songs, 150u);
  }
}

TEST_F(TrainSeriesTest, LabelsInertiaAndBarycentersAreThoseOfFit) {
  import_waves();
  const v1::Model model = trained(Metric::kDtw);
  FitRequest request{.series = places_.catalog(), .out = folder_ / "fit.model", .clusters = 3};
  request.options.iterations_max = 300;
  ASSERT_TRUE(fit(request));
  v1::SeriesModel fitted;
  ASSERT_TRUE(fitted.ParseFromString(read_file(folder_ / "fit.model").value()));
  EXPECT_EQ(model.series().SerializeAsString(), fitted.SerializeAsString());
  EXPECT_EQ(model.inertia(), fitted.inertia());
}

TEST_F(TrainSeriesTest, EuclideanWantsOneLength) {
  import_waves(20);
  reader(trained(Metric::kEuclidean));
  import_waves(30);
  const auto refused = train(catalogue(), {.clusters = 3, .metric = Metric::kEuclidean});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the same length"));
}

TEST_F(TrainSeriesTest, WhereHalfOfTheSongsHaveASeriesTheseAreClusteredByDtw) {
  import_waves();
  const auto usual = train(catalogue(), {.clusters = 3});
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->digest, train(catalogue(), {.clusters = 3, .metric = Metric::kDtw})->digest);
  for (const std::size_t with : {75U, 74U}) {
    sample_ = plain::waves(with, 3, 20, 30, 4, 7);
    import(150, 2, 1, sample_.series);
    const auto trained = train(catalogue(), {.clusters = 2});
    ASSERT_TRUE(trained);
    EXPECT_EQ(trained->model.has_series(), with == 75U) << with << " of 150";
  }
}

TEST_F(TrainSeriesTest, VectorsOnlyMeansThatSeriesDoNotMatter) {
  import_waves();
  const auto with = train(catalogue(), {.clusters = 2, .vectors_only = true});
  import(150, 2);
  const auto without = train(catalogue(), {.clusters = 2});
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->model.assignment(), without->model.assignment());
  EXPECT_EQ(with->model.map(), without->model.map());
  EXPECT_FALSE(with->model.has_series());
  const auto euclidean = train(catalogue(), {.clusters = 2, .metric = Metric::kEuclidean});
  EXPECT_EQ(euclidean->digest, without->digest) << "what it does anyway";
}

TEST_F(TrainSeriesTest, WhatCannotBeIsSaid) {
  import(60, 2);
  const auto none = train(catalogue(), {.metric = Metric::kDtw});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("has no series"));
  import_waves();
  const auto many = train(catalogue(), {.clusters = 121, .metric = Metric::kDtw});
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr("only 120 series"));
}

TEST_F(TrainSeriesTest, TheSameBytesForEveryNumberOfThreads) {
  import_waves();
  const auto once = train(catalogue(), {.metric = Metric::kDtw, .threads = 1});
  ASSERT_TRUE(once);
  EXPECT_EQ(once->model.clusters_size(), 2) << "one for every 50 songs with a series";
  for (const unsigned threads : {2U, 5U})
    EXPECT_EQ(train(catalogue(), {.metric = Metric::kDtw, .threads = threads})->digest,
              once->digest);
}

TEST_F(TrainSeriesTest, TheReaderRefusesSeriesThatAreDamaged) {
  import_waves();
  const v1::Model good = trained(Metric::kDtw);
  reader(good);
  const auto refused = [&](const std::function<void(v1::SeriesModel&)>& damage) {
    v1::Model bad = good;
    damage(*bad.mutable_series());
    return !Model::from(bad, catalogue_);
  };
  EXPECT_TRUE(refused([](auto& s) { s.set_format(2); }));
  EXPECT_TRUE(refused([](auto& s) { s.set_dims(3); }));
  EXPECT_TRUE(refused([](auto& s) { s.mutable_clusters()->RemoveLast(); }));
  EXPECT_TRUE(refused([](auto& s) { s.mutable_labels()->pop_back(); }));
  EXPECT_TRUE(refused([](auto& s) { (*s.mutable_labels())[0] ^= 1; }));
  EXPECT_TRUE(refused([](auto& s) { s.mutable_clusters(0)->set_size(1); }));
  EXPECT_TRUE(refused([](auto& s) { s.mutable_clusters(0)->clear_barycenter(); }));
  EXPECT_TRUE(refused([](auto& s) { s.mutable_clusters(1)->mutable_barycenter()->pop_back(); }));
  EXPECT_TRUE(refused([](auto& s) {
    const float bad = std::numeric_limits<float>::infinity();
    s.mutable_clusters(1)->mutable_barycenter()->replace(
        0, sizeof bad, reinterpret_cast<const char*>(&bad), sizeof bad);
  }));
}

}  // namespace
}  // namespace groove::clusterer
