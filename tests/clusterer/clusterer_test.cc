#include "clusterer/clusterer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/clusterer/core/plain_series.h"
#include "tests/clusterer/stage_fixture.h"

namespace groove::clusterer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ClustererTest : public StageTest {
 protected:
  v1::ListeningFetched& listening() { return *event_.mutable_listening_fetched(); }

  void like(int song, std::uint32_t weight = 1000) {
    v1::LikedSong& liked = *listening().add_songs();
    liked.set_song_id(test::song(song).id);
    liked.set_weight(weight);
  }

  Result<Effect> handled() {
    Library library(places_);
    Clusterer clusterer(library);
    return clusterer.handle({.listener = {1}, .sequence = 1, .event = {}, .fact = event_});
  }

  v1::TasteClustered taste() {
    const auto effect = handled();
    EXPECT_TRUE(effect) << effect.error().message;
    v1::Event out;
    EXPECT_TRUE(out.ParseFromString(effect->output));
    EXPECT_TRUE(out.has_taste_clustered());
    return out.taste_clustered();
  }

  v1::Event event_;
};

TEST_F(ClustererTest, SongsOfTwoKindsAreTwoModesTheHeavierFirst) {
  import(400, 4);
  train_model(4);
  for (const int song : {0, 4, 8}) like(song);
  for (const int song : {3, 7, 11, 15}) like(song);
  const v1::TasteClustered out = taste();
  ASSERT_EQ(out.modes_size(), 2);
  EXPECT_EQ(out.modes(0).songs_size(), 4);
  EXPECT_EQ(out.modes(1).songs_size(), 3);
  EXPECT_NE(out.modes(0).cluster(), out.modes(1).cluster());
  const Catalog catalog = catalogue();
  const auto model = Model::open(places_.model(), catalog);
  ASSERT_TRUE(model);
  for (const v1::TasteMode& mode : out.modes())
    for (const v1::LikedSong& song : mode.songs())
      EXPECT_EQ(model->cluster(catalog.find(song.song_id()).value()), mode.cluster());
}

// By series there are three groups, i % 3; by vectors two, i % 2, of which a listener has one mode
// each.
TEST_F(ClustererTest, ALikedSongIsInTheClusterOfItsSeries) {
  import(120, 2, 1, plain::waves(120, 3, 10, 20, 4, 7).series);
  train_model(3);
  for (const int song : {0, 6, 12, 18, 24}) like(song);
  for (const int song : {1, 7, 13, 19}) like(song);
  const v1::TasteClustered out = taste();
  ASSERT_EQ(out.modes_size(), 2);
  const Catalog catalog = catalogue();
  const auto model = Model::open(places_.model(), catalog);
  ASSERT_TRUE(model && model->message().has_series());
  EXPECT_EQ(out.modes(0).cluster(), model->cluster(catalog.find(test::song(0).id).value()));
  EXPECT_EQ(out.modes(1).cluster(), model->cluster(catalog.find(test::song(1).id).value()));
  EXPECT_NE(out.modes(0).cluster(), out.modes(1).cluster());
}

TEST_F(ClustererTest, WhatTheEventSaidTravelsOn) {
  import(100, 2);
  train_model(2);
  like(5, 17);
  listening().set_listener(99);
  listening().set_accepted_at_us(1234);
  listening().add_missing("A song nobody has");
  listening().mutable_basis()->mutable_wishes()->set_adventurousness(30);
  const v1::TasteClustered out = taste();
  EXPECT_EQ(out.listener(), 99u);
  EXPECT_EQ(out.accepted_at_us(), 1234);
  EXPECT_EQ(out.basis().wishes().adventurousness(), 30u);
  EXPECT_THAT(out.missing(), ElementsAre("A song nobody has"));
  EXPECT_EQ(out.modes(0).songs(0).weight(), 17u);
  EXPECT_EQ(out.catalog_digest(), as_bytes(catalogue().digest()));
  EXPECT_EQ(out.model_digest(), as_bytes(Model::open(places_.model(), catalogue())->digest()));
}

TEST_F(ClustererTest, TheSameEventGivesTheSameBytes) {
  import(300, 3);
  train_model(3);
  for (int song = 0; song < 60; ++song) like(song);
  EXPECT_EQ(handled()->output, handled()->output);
}

TEST_F(ClustererTest, ASongThatVanishedFromTheCatalogueIsNamedMissing) {
  import(100, 2);
  train_model(2);
  like(5);
  like(4'000);
  const v1::TasteClustered out = taste();
  EXPECT_EQ(out.modes(0).songs_size(), 1);
  EXPECT_THAT(out.missing(), ElementsAre(test::song(4'000).id));
}

TEST_F(ClustererTest, NoneOfTheSongsKnownIsARefusalInWords) {
  import(100, 2);
  train_model(2);
  like(4'000);
  const auto effect = handled();
  ASSERT_FALSE(effect);
  EXPECT_NE(effect.error().code, Errc::kUnavailable) << "it would be tried for ever";
  EXPECT_THAT(effect.error().message, HasSubstr("None of your songs"));
}

TEST_F(ClustererTest, WithoutAModelTheEventWaitsForOne) {
  import(100, 2);
  like(5);
  const auto effect = handled();
  ASSERT_FALSE(effect);
  EXPECT_EQ(effect.error().code, Errc::kUnavailable);
}

TEST_F(ClustererTest, OtherFactsPassThrough) {
  Library library(places_);
  const Clusterer clusterer(library);
  EXPECT_TRUE(clusterer.wants(v1::Event::kListeningFetched));
  for (const auto fact : {v1::Event::kLoginAccepted, v1::Event::kFeedbackGiven,
                          v1::Event::kTasteClustered, v1::Event::kEventRefused})
    EXPECT_FALSE(clusterer.wants(fact));
}

}  // namespace
}  // namespace groove::clusterer
