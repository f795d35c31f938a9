// The real songs, when they are there: what training makes of them at its full size.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "clusterer/train.h"
#include "fetcher/import.h"
#include "tests/support/temp_dir.h"
#include "workers/model.h"

namespace groove::clusterer {
namespace {

std::filesystem::path shared_data() {
  const char* given = std::getenv("GROOVE_SHARED");
  return std::filesystem::path(given != nullptr ? given : "../shared") / "data" / "spotify";
}

TEST(RealCatalogTest, TrainsToAModelThatHolds) {
  const auto file = shared_data() / "data.csv.xz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const test::TempDir folder;
  fetcher::Import import([](std::uint64_t, std::uint64_t) { return true; });
  ASSERT_TRUE(import.add(file));
  ASSERT_TRUE(import.write(folder / "catalog.groove"));
  const auto catalog = Catalog::open(folder / "catalog.groove");
  ASSERT_TRUE(catalog);

  const auto trained = train(*catalog, {.threads = 2});
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_EQ(train(*catalog, {.threads = 3})->digest, trained->digest);
  const auto model = Model::from(trained->model, *catalog);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->cluster_count(), 64u);
  // Ten features are heard, one squared deviation each: 64 clusters explain more than half of it.
  EXPECT_LT(trained->model.inertia(), 5);
  EXPECT_GT(std::max(trained->pca_separation, trained->lda_separation), 0.1);

  std::set<std::string> names;
  for (const v1::Cluster& cluster : trained->model.clusters()) {
    EXPECT_GT(cluster.size(), 0u);
    names.insert(cluster.name());
  }
  EXPECT_EQ(names.size(), 64u);
  double sum = 0;
  for (SongIndex song = 0; song < model->size(); ++song) sum += model->background(song) / 65536.0;
  const double mean = sum / static_cast<double>(model->size());
  // Twelve independent standard normals have -17.0 on average; clusters can only know more.
  EXPECT_GT(mean, -17.0);
  EXPECT_LT(mean, 0);
}

}  // namespace
}  // namespace groove::clusterer
