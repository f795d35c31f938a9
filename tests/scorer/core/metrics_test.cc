#include "scorer/core/metrics.h"

#include "scorer/core/baselines.h"
#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using Numbers = std::vector<double>;
using Places = std::vector<std::size_t>;

TEST(Metrics, AucIsTheShareOfPairsInOrderAndTiesAreHalf) {
  EXPECT_EQ(auc(Numbers{3, 4}, Numbers{1, 2}), 1);
  EXPECT_EQ(auc(Numbers{1, 2}, Numbers{3, 4}), 0);
  EXPECT_EQ(auc(Numbers{2, 2}, Numbers{2}), 0.5);
  EXPECT_EQ(auc(Numbers{1, 3}, Numbers{2, 3}), 0.375);
}

TEST(Metrics, AucIsWhatCountingEveryPairGives) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    test::Dice dice(seed);
    Numbers hidden, others;
    for (std::uint64_t i = 0; i <= dice.below(20); ++i) hidden.push_back(double(dice.below(9)));
    for (std::uint64_t i = 0; i <= dice.below(40); ++i) others.push_back(double(dice.below(9)));
    double pairs = 0;
    for (const double h : hidden)
      for (const double o : others) pairs += h > o ? 1 : h == o ? 0.5 : 0;
    EXPECT_DOUBLE_EQ(auc(hidden, others), pairs / double(hidden.size() * others.size()))
        << "seed " << seed;
  }
}

TEST(Metrics, RecallCountsHiddenSongsAmongTheFirst) {
  EXPECT_EQ(recall(Places{0, 19, 20, 500}, 20), 0.5);
  EXPECT_EQ(recall(Places{3}, 20), 1);
}

TEST(Metrics, NdcgIsOneForThePerfectOrderAndLessForAnyOther) {
  EXPECT_EQ(ndcg(Places{2, 0, 1}, 500), 1);
  EXPECT_EQ(ndcg(Places{500, 700}, 500), 0);
  // 1/log2(3) at place 1, of 1/log2(2): 0.6309...
  EXPECT_NEAR(ndcg(Places{1}, 500), 0.63092975, 1e-8);
}

TEST(Metrics, SpreadIsNoneForTheSameSoundAndOneForADeviationApart) {
  Vector a{}, b{};
  b.fill(kVectorScale);
  EXPECT_EQ(spread(std::vector{a, a, a}, 12), 0);
  EXPECT_EQ(spread(std::vector{a, b}, 12), 1);
  EXPECT_EQ(spread(std::vector{a}, 12), 0);
}

TEST(Metrics, TheIntervalHoldsTheMeanAndNarrowsWithMoreListeners) {
  test::Dice dice(7);
  Numbers few, many;
  for (int i = 0; i < 1000; ++i) many.push_back(double(dice.below(100)));
  few.assign(many.begin(), many.begin() + 10);
  const Estimate wide = bootstrap(few, 1), narrow = bootstrap(many, 1);
  EXPECT_LT(narrow.low, narrow.mean);
  EXPECT_GT(narrow.high, narrow.mean);
  EXPECT_LT(narrow.high - narrow.low, (wide.high - wide.low) / 3);
  EXPECT_EQ(bootstrap(many, 1).low, narrow.low) << "the same seed gives the same interval";
}

TEST(Metrics, TheCalibrationErrorIsHowFarTheToldIsFromTheTrue) {
  std::vector<Told> told;
  for (int i = 0; i < 10; ++i) told.push_back({0.75, i < 7});
  EXPECT_NEAR(calibration_error(reliability(told)), 0.05, 1e-12);
  for (int i = 0; i < 10; ++i) told.push_back({0.25, i < 5});
  EXPECT_NEAR(calibration_error(reliability(told)), 0.15, 1e-12);
  EXPECT_EQ(calibration_error(reliability({})), 0);
  EXPECT_EQ(reliability(std::vector<Told>{{1.0, true}}).back().songs, 1U);
}

// Songs on a line: the baselines must put the neighbours of what is liked first.
class BaselineTest : public testing::Test {
 protected:
  StandardTable table_{[] {
                         std::vector<float> values;
                         for (int i = 0; i < 100; ++i) {
                           values.push_back(static_cast<float>(i));
                           values.push_back(static_cast<float>(i % 7));
                         }
                         return values;
                       }(),
                       2};
  static Song best(const Scores& scores) {
    return static_cast<Song>(std::ranges::max_element(scores) - scores.begin());
  }
};

TEST_F(BaselineTest, StandardisedFeaturesHaveMeanZeroAndDeviationOne) {
  double sum = 0, squares = 0;
  for (Song s = 0; s < table_.size(); ++s) {
    sum += table_.of(s)[0];
    squares += table_.of(s)[0] * table_.of(s)[0];
  }
  EXPECT_NEAR(sum / 100, 0, 1e-6);
  EXPECT_NEAR(squares / 100, 1, 1e-5);
}

TEST_F(BaselineTest, TheSongAtTheMiddleOfTheLikedIsFirst) {
  EXPECT_EQ(best(by_centroid(table_, std::vector<Song>{49, 63})), 56U);  // 7 apart: the same i % 7
  EXPECT_EQ(best(by_nearest(table_, std::vector<Song>{30})), 30U);
  const Scores cosine = by_cosine(table_, std::vector<Song>{98, 91});
  EXPECT_GT(cosine[91], cosine[7]) << "the other way from the middle";
}

TEST_F(BaselineTest, TheOriginalWayPicksFromLikedSongsClusters) {
  std::vector<float> values;
  for (int i = 0; i < 6000; ++i) values.push_back(static_cast<float>(i / 3 * 10));
  for (int i = 0; i < 6000; ++i) values.push_back(static_cast<float>(i % 50));
  const StandardTable table(values, 2);
  const Scores scores = OriginalWay(table).scores(std::vector<Song>{42}, 1);
  EXPECT_GT(scores[42], 1e-6);
  EXPECT_GT(std::ranges::count_if(scores, [](double s) { return s < 1e-6; }), 5000);
}

TEST_F(BaselineTest, ChanceIsTheSameForTheSameSeed) {
  EXPECT_EQ(by_chance(50, 3), by_chance(50, 3));
  EXPECT_NE(by_chance(50, 3), by_chance(50, 4));
}

}  // namespace
}  // namespace groove::scorer
