#include "scorer/core/confidence.h"

#include <cmath>

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

Score nats(double x) { return static_cast<Score>(x * kScoreScale); }

TEST(Confidence, IsTheStatedPriorBeforeAnyVerdict) {
  const Calibration prior = calibrate({}, 0);
  EXPECT_EQ(prior.verdicts, 0U);
  for (const double x : {-3.0, 0.0, 2.0, 5.0})
    EXPECT_NEAR(confidence(prior, nats(x)),
                1 / (1 + std::exp(-(kPriorIntercept + kPriorSlope * x))), 1e-6);
}

TEST(Confidence, ATasteOfMoreSongsIsTrustedMoreBeforeAnyVerdict) {
  double last = 0;
  for (const std::size_t liked : {1U, 3U, 10U, 50U, 2000U}) {
    const double now = confidence(prior_calibration(liked), nats(4));
    EXPECT_GT(now, last) << liked;
    EXPECT_LT(now, 0.75) << liked;
    last = now;
  }
}

TEST(Confidence, IsNeverCertain) {
  EXPECT_EQ(confidence({}, INT32_MAX), kConfidenceMax);
  EXPECT_EQ(confidence({}, INT32_MIN), kConfidenceMin);
}

TEST(Confidence, NeverFallsAsTheScoreRisesWhateverTheVerdicts) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    test::Dice dice(seed);
    std::vector<Outcome> outcomes(1 + dice.below(200));
    const bool perverse = dice.below(2) == 0;  // approves what scores low
    for (Outcome& o : outcomes) {
      o.score = nats(static_cast<double>(dice.below(12'000)) / 1000 - 2);
      o.approved = perverse ? o.score < nats(3) : dice.below(2) == 0;
    }
    const Calibration fitted = calibrate(outcomes, 0);
    double last = 0;
    for (double x = -10; x < 20; x += 0.25) {
      const double now = confidence(fitted, nats(x));
      ASSERT_GE(now, last) << "seed " << seed << " at " << x;
      ASSERT_GE(now, kConfidenceMin);
      ASSERT_LE(now, kConfidenceMax);
      last = now;
    }
  }
}

TEST(Confidence, FollowsAGenerousAndAStrictListener) {
  const std::vector<Outcome> yes(15, {nats(4), true}), no(15, {nats(4), false});
  EXPECT_GT(confidence(calibrate(yes, 0), nats(4)), 0.75);
  EXPECT_LT(confidence(calibrate(no, 0), nats(4)), 0.15);
}

TEST(Confidence, OneVerdictMovesItALittle) {
  const double prior = confidence({}, nats(4));
  const std::vector<Outcome> one = {{nats(4), true}};
  const double after = confidence(calibrate(one, 0), nats(4));
  EXPECT_GT(after, prior);
  EXPECT_LT(after, prior + 0.25);
}

TEST(Confidence, DoesNotDependOnTheOrderOfVerdicts) {
  std::vector<Outcome> outcomes;
  test::Dice dice(3);
  for (int i = 0; i < 50; ++i)
    outcomes.push_back({nats(static_cast<double>(dice.below(8))), dice.below(2) == 0});
  const Calibration forwards = calibrate(outcomes, 0);
  std::ranges::reverse(outcomes);
  EXPECT_EQ(calibrate(outcomes, 0).intercept, forwards.intercept);
  EXPECT_EQ(calibrate(outcomes, 0).slope, forwards.slope);
}

// A ranking that learns: the same verdicts say more of a list that stands on as many than of one
// that stands on more, and the prior says the same.
TEST(Confidence, RisesWithWhatTheRankingStandsOn) {
  const std::vector<Outcome> early(3, {nats(4), true, 0}),
      mixed = {{nats(4), true, 0}, {nats(3), false, 0}, {nats(4), true, 20}, {nats(3), false, 20}};
  for (const auto& outcomes : {std::vector<Outcome>{}, early, mixed}) {
    double last = 0;
    for (const std::size_t standing : {0U, 5U, 10U, 20U}) {
      const double now = confidence(calibrate(outcomes, standing), nats(2));
      EXPECT_GT(now, last) << standing;
      EXPECT_LE(now, kConfidenceMax);
      last = now;
    }
  }
}

// A listener whose approval is another logistic curve than the prior: after 400 verdicts the stated
// probability is theirs within 0.05 on average.
TEST(Confidence, IsCalibratedAfterSomeVerdicts) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    test::Dice dice(seed);
    const auto truth = [](double x) { return 1 / (1 + std::exp(-(-3.0 + 0.7 * x))); };
    std::vector<Outcome> outcomes(400);
    for (Outcome& o : outcomes) {
      const double x = static_cast<double>(dice.below(8000)) / 1000;
      o = {nats(x), static_cast<double>(dice.below(1 << 20)) / (1 << 20) < truth(x)};
    }
    const Calibration fitted = calibrate(outcomes, 0);
    double error = 0;
    for (int i = 0; i < 80; ++i)
      error += std::abs(confidence(fitted, nats(i / 10.0)) - truth(i / 10.0)) / 80;
    EXPECT_LT(error, 0.05) << "seed " << seed;
  }
}

}  // namespace
}  // namespace groove::scorer
