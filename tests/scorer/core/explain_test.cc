#include "scorer/core/explain.h"

#include <array>
#include <span>

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using test::features;
using test::kDimensions;
using test::World;

class ExplainTest : public testing::Test {
 protected:
  World world_{3000};
  SoundTable table_ = world_.table();

  // Calls visit(ranked, reasons) for the first songs of several listeners.
  template <class Visit>
  void each_reason(const Visit& visit) {
    for (std::uint16_t crowd = 0; crowd < 6; ++crowd) {
      Opinions opinions = world_.liking(world_.of_crowd(crowd, 4 + crowd), 1 + crowd % 3);
      disapprove(opinions, world_.song(world_.of_crowd(crowd, 30).back()));
      const Preference preference = make_preference(opinions, table_);
      const std::vector<Ranked> top = Ranking(table_, preference).top(31);
      Explainer explainer(table_, opinions, preference, features(), top.back());
      for (const Ranked& r : std::span(top).first(30))
        visit(opinions, preference, r, explainer.explain(r));
    }
  }
};

TEST_F(ExplainTest, WithoutTheNamedSongTheScoreIsLower) {
  int named = 0;
  each_reason(
      [&](const Opinions& opinions, const Preference&, const Ranked& r, const Reasons& why) {
        if (!why.near) return;
        ++named;
        Opinions fewer = opinions;
        fewer.liked.remove(why.near->song);
        const Preference poorer = make_preference(fewer, table_);
        EXPECT_LT(Ranking(table_, poorer).of(std::array{r.song})[0], r.score);
      });
  EXPECT_GT(named, 120) << "of 180 songs most should have a liked song near";
}

TEST_F(ExplainTest, NamesOnlyLikedSongsAndHowNearTheyAre) {
  each_reason(
      [&](const Opinions& opinions, const Preference&, const Ranked& r, const Reasons& why) {
        if (!why.near) return;
        EXPECT_TRUE(opinions.liked.contains(why.near->song));
        EXPECT_EQ(why.near->similarity,
                  similarity(world_.vectors[r.song], world_.vectors[why.near->song], kDimensions));
      });
}

TEST_F(ExplainTest, SimilarityIsOneForTheSameSoundAndHalfADeviationAway) {
  Vector a{}, b{};
  EXPECT_EQ(similarity(a, a, kDimensions), 1);
  for (std::size_t d = 0; d < kDimensions; ++d) b[d] = kVectorScale;
  EXPECT_EQ(similarity(a, b, kDimensions), 0.5);
  b[0] = kVectorMax;
  EXPECT_LT(similarity(a, b, kDimensions), 0.5);
}

TEST_F(ExplainTest, FeaturesAgreeWithSongAndTaste) {
  int told = 0;
  each_reason([&](const Opinions&, const Preference& p, const Ranked& r, const Reasons& why) {
    double last = 1e9;
    for (const FeatureAgreement& f : why.features) {
      ++told;
      const bool song_high = world_.vectors[r.song][f.dimension] > 0;
      bool taste_too = false;
      for (const auto& mode : p.liked.modes)
        taste_too |= (mode.normal.mean[f.dimension] > 0) == song_high;
      EXPECT_TRUE(taste_too) << f.phrase;
      EXPECT_GT(f.evidence, 0);
      EXPECT_LE(f.evidence, last) << "the strongest comes first";
      last = f.evidence;
    }
  });
  EXPECT_GT(told, 180);
}

// The evidence of a feature is its part of the score: were the song as far on the other side, away
// from the taste, the score would be lower.
TEST_F(ExplainTest, WithoutTheNamedFeatureTheScoreIsLower) {
  each_reason([&](const Opinions&, const Preference& p, const Ranked& r, const Reasons& why) {
    for (const FeatureAgreement& f : why.features) {
      World moved = world_;
      moved.vectors[r.song][f.dimension] =
          static_cast<std::int16_t>(-moved.vectors[r.song][f.dimension]);
      const SoundTable table(moved.vectors, moved.backgrounds, kDimensions);
      Preference same = p;
      same.disliked = {};
      EXPECT_LT(Ranking(table, same).of(std::array{r.song})[0],
                Ranking(table_, same).of(std::array{r.song})[0])
          << f.phrase;
    }
  });
}

// Said again from nothing, the ranking has the song behind the one that was named.
TEST_F(ExplainTest, WhatWouldChangeItDoes) {
  int songs = 0, features_ignored = 0;
  each_reason(
      [&](const Opinions& opinions, const Preference& p, const Ranked& r, const Reasons& why) {
        if (!why.turn) return;
        Opinions other = opinions;
        Preference changed = p;
        if (why.turn->disapproved) {
          ++songs;
          EXPECT_TRUE(opinions.liked.contains(why.turn->disapproved->song));
          disapprove(other, world_.song(why.turn->disapproved->song));
          changed = make_preference(other, table_);
        } else {
          ++features_ignored;
          changed.weights[why.turn->dimension] = 0;
        }
        const std::array both = {r.song, why.turn->behind};
        const auto now = Ranking(table_, p).of(both), then = Ranking(table_, changed).of(both);
        EXPECT_GT(now[0], now[1]);
        EXPECT_LT(then[0], then[1]);
      });
  EXPECT_GT(songs, 30);
  EXPECT_GT(features_ignored, 0);
}

TEST_F(ExplainTest, ExplainingLeavesNoTrace) {
  const Opinions opinions = world_.liking(world_.of_crowd(1, 40), 2);
  const Preference preference = make_preference(opinions, table_);
  const std::vector<Ranked> top = Ranking(table_, preference).top(31);
  Explainer used(table_, opinions, preference, features(), top.back());
  for (const Ranked& r : top) static_cast<void>(used.explain(r));
  Explainer fresh(table_, opinions, preference, features(), top.back());
  for (const Ranked& r : std::span(top).last(5)) {
    const Reasons a = used.explain(r), b = fresh.explain(r);
    EXPECT_EQ(a.near->song, b.near->song);
    EXPECT_EQ(a.turn.has_value(), b.turn.has_value());
  }
}

TEST_F(ExplainTest, TheOnlyLikedSongIsAlwaysTheReason) {
  const Opinions opinions = world_.liking({42});
  const Preference preference = make_preference(opinions, table_);
  Explainer explainer(table_, opinions, preference, features());
  const Ranked first = Ranking(table_, preference).top(2)[1];
  EXPECT_EQ(explainer.explain(first).near->song, 42U);
}

}  // namespace
}  // namespace groove::scorer
