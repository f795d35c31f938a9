// A data folder with a small catalogue of songs in groups, and its model.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "clusterer/core/random.h"
#include "clusterer/core/series.h"
#include "clusterer/train.h"
#include "tests/support/temp_dir.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"
#include "workers/places.h"

namespace groove::clusterer {

class StageTest : public testing::Test {
 protected:
  // Song i is of group i % groups; the groups differ in every feature but key and mode.
  // With `series`, song i is given series[i], and those after the last none.
  void import(int songs, int groups, std::uint64_t seed = 1,
              const std::vector<Series>& series = {}) {
    Random random(seed);
    CatalogBuilder builder(spotify_v1(), series.empty() ? 0 : series.front().dims);
    for (int i = 0; i < songs; ++i) {
      SongRecord record = test::song(i);
      const float middle = (static_cast<float>(i % groups) + 0.5F) / static_cast<float>(groups);
      for (std::size_t d = 0; d < record.features.size(); ++d) {
        const Feature& feature = spotify_v1().features[d];
        const float noise = (static_cast<float>(random.below(1000)) / 1000 - 0.5F) * 0.2F;
        const float share =
            feature.name == "key" || feature.name == "mode"
                ? static_cast<float>(random.below(1000)) / 1000
                : std::clamp(middle + noise / static_cast<float>(groups), 0.0F, 1.0F);
        record.features[d] = feature.low + share * (feature.high - feature.low);
      }
      if (const auto at = static_cast<std::size_t>(i); at < series.size())
        record.series = series[at].values;
      builder.add(std::move(record));
    }
    ASSERT_TRUE(builder.write(places_.catalog()));
  }

  Catalog catalogue() const {
    auto catalog = Catalog::open(places_.catalog());
    EXPECT_TRUE(catalog) << catalog.error().message;
    return std::move(*catalog);
  }

  void train_model(std::size_t clusters) {
    const auto trained = train(catalogue(), {.clusters = clusters});
    ASSERT_TRUE(trained) << trained.error().message;
    ASSERT_TRUE(replace_file(places_.model(), trained->bytes));
  }

  test::TempDir folder_;
  Places places_{.data = folder_.path(), .run = folder_.path(), .redis = {}};
};

}  // namespace groove::clusterer
