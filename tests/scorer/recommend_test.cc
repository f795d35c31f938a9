#include "scorer/recommend.h"

#include <array>
#include <map>
#include <set>

#include "scorer/convert.h"
#include "scorer/print.h"
#include "tests/scorer/music.h"
#include "workers/base/sha256.h"
#include "workers/text.h"

namespace groove::scorer {
namespace {

using test::id_of;
using test::ids;
using test::state_liking;

class RecommendTest : public testing::Test {
 protected:
  test::SmallMusic small_;
  Recommender recommender_{small_.music()};

  std::vector<Song> crowd(std::uint16_t c, std::size_t count) const {
    return small_.world.of_crowd(c, count);
  }
  v1::BatchScored batch(const v1::ScorerState& state, std::size_t songs = 20) const {
    auto out = recommender_.recommend(state, songs);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(v1::BatchScored());
  }
};

TEST_F(RecommendTest, GivesTwentySongsMostlyFromWhereTheListenerLives) {
  const v1::BatchScored batch = this->batch(state_liking(crowd(2, 5)));
  EXPECT_EQ(batch.recommendations_size(), 20);
  int alike = 0;
  for (const v1::Recommendation& r : batch.recommendations()) alike += r.cluster() == 2 ? 1 : 0;
  EXPECT_GE(alike, 16);
}

TEST_F(RecommendTest, GoesDownInScoreAndConfidenceAndIsNeverCertain) {
  const v1::BatchScored batch = this->batch(state_liking(crowd(1, 5)));
  for (int i = 0; i < batch.recommendations_size(); ++i) {
    const auto& r = batch.recommendations(i);
    EXPECT_GE(r.confidence_permille(), 20U);
    EXPECT_LE(r.confidence_permille(), 950U);
    if (i == 0) continue;
    EXPECT_LE(r.score_milli(), batch.recommendations(i - 1).score_milli());
    EXPECT_LE(r.confidence_permille(), batch.recommendations(i - 1).confidence_permille());
  }
}

TEST_F(RecommendTest, HoldsNothingLikedJudgedOrShownNorAVersionOfIt) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test::Dice dice(seed);
    const auto any = [&] { return static_cast<Song>(dice.below(400)); };
    v1::ScorerState state = state_liking({any(), any(), any()});
    std::vector<std::string> known;
    for (const auto& s : state.modes(0).songs()) known.push_back(s.song_id());
    for (int i = 0; i < 10; ++i) {
      known.push_back(id_of(any()));
      test::judged(state, known.back(),
                   i % 2 == 0 ? v1::VERDICT_APPROVED : v1::VERDICT_DISAPPROVED);
      known.push_back(id_of(any()));
      state.add_shown()->add_song_ids(known.back());
    }
    const Catalog& catalog = recommender_.music()->catalog;
    const auto recording = [&](const std::string& id) {
      const Song s = *catalog.find(id);
      return std::pair(fold_title(catalog.title(s)), std::string(catalog.artists(s)[0]));
    };
    std::set<std::pair<std::string, std::string>> recordings;
    for (const std::string& id : known) recordings.insert(recording(id));
    const auto batch = recommender_.recommend(state);
    if (!batch) continue;  // all that was liked happened to be disapproved
    for (const std::string& id : ids(*batch))
      EXPECT_TRUE(recordings.insert(recording(id)).second) << id << " seed " << seed;
  }
}

TEST_F(RecommendTest, HasAtMostTwoSongsOfAnArtist) {
  std::map<std::string, int> songs;
  const v1::BatchScored batch = this->batch(state_liking(crowd(0, 3)), 100);
  for (const auto& r : batch.recommendations()) EXPECT_LE(++songs[r.artists(0)], 2);
}

TEST_F(RecommendTest, LeavesOutExplicitLyricsWhenAsked) {
  v1::ScorerState state = state_liking(crowd(3, 4));
  const auto is_explicit = [](const auto& r) { return r.explicit_lyrics(); };
  EXPECT_TRUE(std::ranges::any_of(batch(state).recommendations(), is_explicit));
  state.mutable_wishes()->set_no_explicit(true);
  EXPECT_TRUE(std::ranges::none_of(batch(state).recommendations(), is_explicit));
}

// Songs of the likeliest cluster in a list, for a taste of two crowds.
TEST_F(RecommendTest, EveryModeOfTasteHasTheHalfOfItsShareAtLeast) {
  for (std::uint16_t one = 0; one < 6; ++one)
    for (std::uint16_t other = 0; other < 6; ++other) {
      if (one == other) continue;
      for (const std::size_t songs : {10U, 20U, 40U}) {
        v1::ScorerState state = state_liking(crowd(one, 8));
        v1::TasteMode& second = *state.add_modes();
        for (const Song s : crowd(other, 3)) second.add_songs()->set_song_id(id_of(s));
        const Catalog& catalog = recommender_.music()->catalog;
        const Model& model = recommender_.music()->model;
        const SoundTable sounds = to_sound_table(model);
        const Preference taste =
            make_preference(to_opinions(state, catalog, model, sounds), sounds);
        std::array<std::size_t, 2> places{};
        for (const std::string& id : ids(batch(state, songs)))
          ++places[likeliest_mode(taste.liked, small_.world.vectors[*catalog.find(id)],
                                  test::kDimensions)];
        EXPECT_EQ(places[0] + places[1], songs);
        EXPECT_GE(places[0], songs * 8 / 11 / 2) << one << " and " << other;
        EXPECT_GE(places[1], songs * 3 / 11 / 2) << one << " and " << other;
      }
    }
}

TEST_F(RecommendTest, GivesSongsOfTheYearsAskedForAlone) {
  v1::ScorerState state = state_liking(crowd(3, 4));
  state.mutable_wishes()->set_year_from(1960);
  state.mutable_wishes()->set_year_to(1969);
  const v1::BatchScored batch = this->batch(state);
  EXPECT_EQ(batch.recommendations_size(), 20);
  for (const v1::Recommendation& r : batch.recommendations()) {
    EXPECT_GE(r.year(), 1960);
    EXPECT_LE(r.year(), 1969);
  }
}

TEST_F(RecommendTest, AFeatureThatCountsForNothingIsNoReasonAndOneThatCountsTwiceIsAStrongerOne) {
  const auto evidence = [](const v1::BatchScored& batch, std::string_view feature) {
    int out = 0;
    for (const v1::Recommendation& r : batch.recommendations())
      for (const v1::Reason& reason : r.because())
        if (reason.feature_agrees().feature() == feature)
          out += reason.feature_agrees().evidence_milli();
    return out;
  };
  v1::ScorerState state = state_liking(crowd(4, 6));
  const v1::BatchScored even = batch(state);
  std::string strongest;
  for (const auto& name : test::features())
    if (evidence(even, name) > evidence(even, strongest)) strongest = name;
  v1::FeatureWeight& weight = *state.mutable_wishes()->add_feature_weights();
  weight.set_feature(strongest);
  weight.set_percent(0);
  EXPECT_EQ(evidence(batch(state), strongest), 0);
  weight.set_percent(100);
  EXPECT_EQ(ids(batch(state)), ids(even));
  weight.set_percent(200);
  EXPECT_GT(evidence(batch(state), strongest), evidence(even, strongest) * 3 / 2);
}

// One recommender serves many listeners in turn: nothing of one may reach another.
TEST_F(RecommendTest, AnotherListenersDataCannotChangeAByte) {
  v1::ScorerState ours = state_liking(crowd(2, 5));
  test::judged(ours, id_of(100), v1::VERDICT_APPROVED);
  const std::string alone = Recommender(small_.music()).recommend(ours)->SerializeAsString();
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    test::Dice dice(seed);
    v1::ScorerState other = state_liking({static_cast<Song>(dice.below(400))});
    for (int i = 0; i < 20; ++i)
      test::judged(other, id_of(static_cast<Song>(dice.below(400))),
                   dice.below(2) == 0 ? v1::VERDICT_APPROVED : v1::VERDICT_DISAPPROVED);
    other.mutable_wishes()->set_adventurousness(static_cast<std::uint32_t>(dice.below(101)));
    static_cast<void>(recommender_.recommend(other));
    EXPECT_EQ(recommender_.recommend(ours)->SerializeAsString(), alone) << "seed " << seed;
  }
}

TEST_F(RecommendTest, TheSameListenerGetsTheSameBytesInWhateverOrderTheySpeak) {
  v1::ScorerState one = state_liking({3, 14, 159, 26}), other = state_liking({159, 26, 14, 3});
  for (const Song s : {53, 58, 97}) test::judged(one, id_of(s), v1::VERDICT_DISAPPROVED);
  for (const Song s : {97, 53, 58}) test::judged(other, id_of(s), v1::VERDICT_DISAPPROVED);
  const std::string bytes = batch(one).SerializeAsString();
  EXPECT_EQ(batch(other).SerializeAsString(), bytes);
  EXPECT_EQ(Recommender(small_.music()).recommend(one)->SerializeAsString(), bytes);
}

TEST_F(RecommendTest, SaysOnWhatItStands) {
  v1::ScorerState state = state_liking({7, 3});
  state.add_missing("a song from elsewhere");
  test::judged(state, id_of(100), v1::VERDICT_APPROVED);
  const v1::BatchScored batch = this->batch(state);
  std::vector<std::string> liked;
  for (const v1::LikedSong& s : batch.liked()) liked.push_back(s.song_id());
  EXPECT_THAT(liked, testing::ElementsAre(id_of(3), id_of(7), id_of(100)));
  EXPECT_EQ(batch.missing(0), "a song from elsewhere");
  EXPECT_EQ(batch.catalog_digest(), as_bytes(recommender_.music()->catalog.digest()));
  EXPECT_EQ(batch.model_digest(), as_bytes(recommender_.music()->model.digest()));
  EXPECT_EQ(batch.confidence_basis(), v1::CONFIDENCE_BASIS_PRIOR)
      << "the approved song was never shown with a score";
}

TEST_F(RecommendTest, SongsThatLeftTheCatalogueDropOutOfTheState) {
  v1::ScorerState state = state_liking({3, 7});
  const std::string before = batch(state).SerializeAsString();
  state.mutable_modes(0)->add_songs()->set_song_id("gone");
  test::judged(state, "gone too", v1::VERDICT_DISAPPROVED);
  EXPECT_EQ(batch(state).SerializeAsString(), before);
}

TEST_F(RecommendTest, WithoutAnySongToGoByItSaysSo) {
  v1::ScorerState state = state_liking({3});
  test::judged(state, id_of(3), v1::VERDICT_DISAPPROVED);
  const auto refused = recommender_.recommend(state);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kNotFound);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("nothing to go by"));
}

TEST_F(RecommendTest, GivesEveryReasonItsEvidence) {
  int near = 0, cluster = 0;
  const v1::BatchScored batch = this->batch(state_liking(crowd(4, 6)));
  for (const auto& r : batch.recommendations())
    for (const v1::Reason& reason : r.because()) {
      if (reason.has_near_liked_song()) {
        ++near;
        EXPECT_LE(reason.near_liked_song().similarity_permille(), 1000U);
      } else if (reason.has_in_cluster()) {
        ++cluster;
        EXPECT_EQ(reason.in_cluster().liked_songs(), 6U);
        EXPECT_EQ(reason.in_cluster().name(), "cluster 4");
      } else {
        EXPECT_GT(reason.feature_agrees().evidence_milli(), -1);
      }
    }
  EXPECT_GE(near, 15);
  EXPECT_GE(cluster, 15);
}

// A listener who likes one crowd and nothing else: verdicts take them there from two songs.
TEST_F(RecommendTest, VerdictsRaiseTheShareOfSongsThatPlease) {
  double first = 0, last = 0;
  for (std::uint16_t home = 0; home < 6; ++home) {
    const std::uint16_t neighbour = home == 5 ? 0 : home + 1;
    v1::ScorerState state = state_liking({crowd(home, 1)[0], crowd(neighbour, 1)[0]});
    for (int round = 0; round < 4; ++round) {
      int pleased = 0;
      const v1::BatchScored batch = this->batch(state, 10);
      for (const v1::Recommendation& r : batch.recommendations()) {
        const bool likes = r.cluster() == home;
        pleased += likes ? 1 : 0;
        test::judged(state, r.song_id(), likes ? v1::VERDICT_APPROVED : v1::VERDICT_DISAPPROVED);
      }
      if (round == 0) first += pleased;
      if (round == 3) last += pleased;
    }
  }
  EXPECT_GE(last, first * 1.5) << first << " of 60 songs pleased at first, " << last << " at last";
}

// Held so that no change of arithmetic, order or format goes unseen. The text shows what moved.
TEST_F(RecommendTest, GoldenBatchHasNotMoved) {
  v1::ScorerState state = state_liking({3, 14, 159, 26, 5});
  test::judged(state, id_of(35), v1::VERDICT_APPROVED);
  test::judged(state, id_of(89), v1::VERDICT_DISAPPROVED);
  state.mutable_wishes()->set_adventurousness(20);
  v1::BatchScored batch = this->batch(state, 3);
  batch.clear_catalog_digest();  // they change with the files' formats, which is not our matter
  batch.clear_model_digest();
  const auto golden = read_file("tests/golden/scorer/batch.json");
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(to_json(batch), *golden);
  EXPECT_EQ(to_string(sha256(batch.SerializeAsString())),
            "db80e05e815e183ff5ce3ddf79412c59cbb3b6ee1591e3ee3dbb2e66c12d47e0");
}

}  // namespace
}  // namespace groove::scorer
