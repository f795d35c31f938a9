#include "workers/model.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>

#include "tests/support/temp_dir.h"
#include "tests/workers/model_fixture.h"
#include "tests/workers/music_fixture.h"
#include "workers/base/sha256.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"

namespace groove {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ModelTest : public testing::Test {
 protected:
  // Damaged text makes the library log; the tests look at what it returns.
  ModelTest() { google::protobuf::SetLogHandler(nullptr); }

  static Catalog catalogue_of(const test::TempDir& folder, int songs) {
    CatalogBuilder builder(spotify_v1());
    for (int i = 0; i < songs; ++i) builder.add(test::song(i));
    EXPECT_TRUE(builder.write(folder / "catalog.groove"));
    auto catalog = Catalog::open(folder / "catalog.groove");
    EXPECT_TRUE(catalog) << catalog.error().message;
    return std::move(*catalog);
  }

  // What the reader says of a model that one thing was done to.
  Error refusal(const std::function<void(v1::Model&)>& damage) const {
    v1::Model message = test::model_of(catalog_);
    damage(message);
    auto model = Model::from(std::move(message), catalog_);
    return model ? Error{Errc::kInvalid, "accepted"} : model.error();
  }
  void expect_corrupt(const std::function<void(v1::Model&)>& damage, const char* because) const {
    const Error error = refusal(damage);
    EXPECT_EQ(error.code, Errc::kCorrupt) << error.message;
    EXPECT_THAT(error.message, HasSubstr(because));
  }

  test::TempDir folder_;
  Catalog catalog_ = catalogue_of(folder_, 20);
};

TEST_F(ModelTest, WhatWasWrittenIsRead) {
  const std::string bytes = test::model_of(catalog_).SerializeAsString();
  ASSERT_TRUE(replace_file(folder_ / "model.groove", bytes));
  const auto model = Model::open(folder_ / "model.groove", catalog_);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->digest(), sha256(bytes));
  EXPECT_EQ(model->size(), 20u);
  EXPECT_EQ(model->cluster_count(), 3u);
  EXPECT_EQ(model->vector(7)[0], 7);
  EXPECT_EQ(model->vector(19)[1], 0);
  EXPECT_EQ(model->cluster(7), 1);
  EXPECT_THAT(model->map(19), ElementsAre(19, 38));
  EXPECT_EQ(model->background(19), -19);
}

TEST_F(ModelTest, AMessageInMemoryHasTheDigestOfItsFile) {
  const v1::Model message = test::model_of(catalog_);
  const auto model = Model::from(message, catalog_);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->digest(), sha256(message.SerializeAsString()));
}

TEST_F(ModelTest, NoFileIsNotFound) {
  EXPECT_EQ(Model::open(folder_ / "model.groove", catalog_).error().code, Errc::kNotFound);
}

TEST_F(ModelTest, AModelOfAnotherCatalogueIsAConflict) {
  const test::TempDir elsewhere;
  const Catalog other = catalogue_of(elsewhere, 21);
  EXPECT_EQ(Model::from(test::model_of(other), catalog_).error().code, Errc::kConflict);
}

TEST_F(ModelTest, AnotherFormatOrSpaceIsRefused) {
  expect_corrupt([](v1::Model& m) { m.set_format(2); }, "format is 2");
  expect_corrupt([](v1::Model& m) { m.set_catalog_digest("short"); }, "no catalogue");
  expect_corrupt([](v1::Model& m) { m.set_feature_space("sound-v1"); }, "feature space");
  expect_corrupt([](v1::Model& m) { m.mutable_features(3)->set_name("key"); }, "features");
  expect_corrupt([](v1::Model& m) { m.mutable_features()->RemoveLast(); }, "features");
}

TEST_F(ModelTest, KnotsMustAscendWithinSixteenBits) {
  expect_corrupt([](v1::Model& m) { m.mutable_features(0)->clear_knots(); }, "knots");
  expect_corrupt([](v1::Model& m) { m.mutable_features(11)->set_knots(1, 11); }, "ascend");
  expect_corrupt([](v1::Model& m) { m.mutable_features(0)->set_knots(3, 65536); }, "ascend");
  expect_corrupt(
      [](v1::Model& m) {
        for (int i = 0; i < 254; ++i) m.mutable_features(0)->add_knots(65535);
      },
      "knots");
}

TEST_F(ModelTest, ArraysMustFitTheCatalogue) {
  for (const auto field : {&v1::Model::mutable_vectors, &v1::Model::mutable_assignment,
                           &v1::Model::mutable_map, &v1::Model::mutable_background}) {
    expect_corrupt([&](v1::Model& m) { (m.*field)()->pop_back(); }, "not fit");
    expect_corrupt([&](v1::Model& m) { (m.*field)()->append(32, '\0'); }, "not fit");
    expect_corrupt([&](v1::Model& m) { (m.*field)()->clear(); }, "not fit");
  }
}

TEST_F(ModelTest, VectorsMustBeWithinFourDeviations) {
  for (const std::int16_t value : {std::int16_t{-4097}, std::int16_t{4097}, std::int16_t{-32768}}) {
    expect_corrupt(
        [&](v1::Model& m) {
          std::memcpy(m.mutable_vectors()->data() + m.vectors().size() - 2, &value, 2);
        },
        "vector is out of range");
  }
  EXPECT_EQ(refusal([](v1::Model& m) {
              const std::int16_t value = 4096;
              std::memcpy(m.mutable_vectors()->data(), &value, 2);
            }).message,
            "accepted");
}

TEST_F(ModelTest, ClustersMustBeThoseOfTheAssignment) {
  expect_corrupt([](v1::Model& m) { (*m.mutable_assignment())[4] = 3; }, "does not exist");
  expect_corrupt([](v1::Model& m) { (*m.mutable_assignment())[4] = 1; }, "sizes");
  expect_corrupt([](v1::Model& m) { m.mutable_clusters(2)->set_size(9); }, "sizes");
  expect_corrupt([](v1::Model& m) { m.add_clusters()->CopyFrom(m.clusters(0)); }, "sizes");
  expect_corrupt([](v1::Model& m) { m.clear_clusters(); }, "0 clusters");
  expect_corrupt(
      [](v1::Model& m) {
        for (int i = 0; i < 1022; ++i) m.add_clusters()->CopyFrom(m.clusters(0));
      },
      "1025 clusters");
}

TEST_F(ModelTest, BarycentersAndNumbersMustMakeSense) {
  const auto first = [](v1::Model& m) { return m.mutable_clusters(0); };
  expect_corrupt([&](v1::Model& m) { first(m)->set_barycenter(5, 5000); }, "barycenter");
  expect_corrupt([&](v1::Model& m) { first(m)->add_barycenter(0); }, "barycenter");
  expect_corrupt([&](v1::Model& m) { first(m)->set_map_x(65536); }, "off the map");
  expect_corrupt([&](v1::Model& m) { first(m)->set_map_y(65536); }, "off the map");
  for (const double bad : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    expect_corrupt([&](v1::Model& m) { first(m)->set_inertia(bad); }, "inertia");
    expect_corrupt([&](v1::Model& m) { m.set_inertia(bad); }, "inertia");
  }
}

TEST_F(ModelTest, AFileCutAnywhereIsRefused) {
  const std::string bytes = test::model_of(catalog_).SerializeAsString();
  for (std::size_t length = 0; length < bytes.size(); length += 3) {
    v1::Model message;
    if (!message.ParseFromString(bytes.substr(0, length))) continue;
    EXPECT_FALSE(Model::from(std::move(message), catalog_)) << "cut to " << length << " bytes";
  }
}

// A flip that is not refused changes the digest, and every value is one that training could write.
TEST_F(ModelTest, AFlippedBitIsRefusedOrIsAnotherDigest) {
  const std::string bytes = test::model_of(catalog_).SerializeAsString();
  const Digest whole = Model::from(test::model_of(catalog_), catalog_)->digest();
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 5) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    std::ofstream(folder_ / "flipped", std::ios::binary) << damaged;
    const auto model = Model::open(folder_ / "flipped", catalog_);
    if (!model) continue;
    EXPECT_NE(model->digest(), whole) << "bit " << bit;
    for (SongIndex song = 0; song < catalog_.size(); ++song) {
      EXPECT_LT(model->cluster(song), model->cluster_count()) << "bit " << bit;
      for (const int value : model->vector(song)) EXPECT_LE(std::abs(value), kVectorMax);
    }
  }
}

}  // namespace
}  // namespace groove
