#include "clusterer/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "tests/clusterer/stage_fixture.h"
#include "workers/model.h"

namespace groove::clusterer {
namespace {

using testing::HasSubstr;

class TrainTest : public StageTest {};

TEST_F(TrainTest, TheReaderAcceptsWhatIsTrained) {
  import(500, 5);
  const Catalog catalog = catalogue();
  const auto trained = train(catalog, {.clusters = 5});
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = Model::from(trained->model, catalog);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->digest(), trained->digest);
  EXPECT_TRUE(trained->converged);
}

TEST_F(TrainTest, GroupsThatSoundApartBecomeClustersWithNamesOfTheirOwn) {
  import(600, 3);
  const Catalog catalog = catalogue();
  const auto trained = train(catalog, {.clusters = 3});
  ASSERT_TRUE(trained);
  const auto model = Model::from(trained->model, catalog);
  ASSERT_TRUE(model);
  for (SongIndex song = 0; song < catalog.size(); ++song)
    EXPECT_EQ(model->cluster(song), model->cluster(song % 3)) << catalog.id(song);
  EXPECT_GT(std::max(trained->pca_separation, trained->lda_separation), 0.99);
  EXPECT_NE(trained->model.clusters(0).name(), trained->model.clusters(1).name());
  for (const v1::Cluster& cluster : trained->model.clusters()) {
    EXPECT_EQ(cluster.size(), 200u);
    EXPECT_EQ(cluster.barycenter(4), 0) << "key is not heard";
    EXPECT_EQ(cluster.barycenter(7), 0) << "mode is not heard";
  }
}

TEST_F(TrainTest, TheSameBytesForEveryNumberOfThreadsAndEveryRun) {
  import(10'000, 9);
  const Catalog catalog = catalogue();
  const auto once = train(catalog, {.threads = 1});
  ASSERT_TRUE(once);
  for (const unsigned threads : {1U, 2U, 3U, 7U})
    EXPECT_EQ(train(catalog, {.threads = threads})->digest, once->digest) << threads << " threads";
  EXPECT_NE(train(catalog, {.seed = 2})->digest, once->digest) << "the seed is part of it";
}

TEST_F(TrainTest, MoreClustersThanSongsIsAnErrorThatSaysSo) {
  import(10, 2);
  const auto refused = train(catalogue(), {.clusters = 11});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("11 clusters"));
  EXPECT_THAT(refused.error().message, HasSubstr("only 10 songs"));
  EXPECT_FALSE(train(catalogue(), {.clusters = 0}));
  EXPECT_TRUE(train(catalogue(), {.clusters = 10}));
}

TEST_F(TrainTest, TheNumberOfClustersFollowsTheNumberOfSongs) {
  EXPECT_EQ(default_clusters(1), 1u);
  EXPECT_EQ(default_clusters(149), 2u);
  EXPECT_EQ(default_clusters(160'000), 64u);
  import(120, 2);
  EXPECT_EQ(train(catalogue())->model.clusters_size(), 2);
}

TEST_F(TrainTest, OneSongHasAModel) {
  import(1, 1);
  const Catalog catalog = catalogue();
  const auto trained = train(catalog);
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_TRUE(Model::from(trained->model, catalog));
}

TEST_F(TrainTest, AStoppedTrainingGivesNoModel) {
  import(2'000, 5);
  std::stop_source stop;
  TrainOptions options{.clusters = 20, .stop = stop.get_token()};
  options.on_step = [&](unsigned, double, std::size_t) { stop.request_stop(); };
  const auto trained = train(catalogue(), options);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, Errc::kUnavailable);
}

TEST_F(TrainTest, TheVectorsOfACatalogueAreNormalScores) {
  import(5'000, 50);
  const auto trained = train(catalogue());
  ASSERT_TRUE(trained);
  const auto model = Model::from(trained->model, catalogue());
  ASSERT_TRUE(model);
  for (const std::size_t d : {0U, 2U, 9U, 10U}) {
    double sum = 0, squares = 0;
    for (SongIndex song = 0; song < model->size(); ++song) {
      sum += model->vector(song)[d];
      squares += std::pow(model->vector(song)[d], 2);
    }
    EXPECT_NEAR(sum / 5'000, 0, 2);
    EXPECT_NEAR(std::sqrt(squares / 5'000), kVectorScale, 10);
  }
}

}  // namespace
}  // namespace groove::clusterer
