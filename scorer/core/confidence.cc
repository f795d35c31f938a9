#include "scorer/core/confidence.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "workers/base/exact_math.h"

namespace groove::scorer {
namespace {

constexpr int kNewtonSteps = 12;
constexpr double kStepMax = 2;  // in deviations of the prior: keeps Newton from overshooting

double nats(Score score) { return score / kScoreScale; }

double logistic(double x) {
  const double e = exact_exp(x < 0 ? x : -x);
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

struct Step {
  double intercept, slope;
};

// Newton's step of the log posterior at `at`.
Step newton(std::span<const Outcome> sorted, const Calibration& prior, const Calibration& at) {
  constexpr double kInterceptPrecision = 1 / (kInterceptDeviation * kInterceptDeviation);
  constexpr double kSlopePrecision = 1 / (kSlopeDeviation * kSlopeDeviation);
  double ga = (prior.intercept - at.intercept) * kInterceptPrecision;
  double gb = (prior.slope - at.slope) * kSlopePrecision;
  double haa = kInterceptPrecision, hab = 0, hbb = kSlopePrecision;
  for (const Outcome& outcome : sorted) {
    const double x = nats(outcome.score);
    const double p = logistic(at.intercept + at.slope * x);
    const double miss = (outcome.approved ? 1.0 : 0.0) - p, weight = p * (1 - p);
    ga += miss;
    gb += miss * x;
    haa += weight;
    hab += weight * x;
    hbb += weight * x * x;
  }
  const double determinant = haa * hbb - hab * hab;  // positive: the prior's part is
  return {(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant};
}

}  // namespace

Calibration prior_calibration(std::size_t liked) {
  const auto n = static_cast<double>(liked);
  return {.intercept = kPriorIntercept + kPriorOfSongs * n / (n + kPriorSongs)};
}

Calibration calibrate(std::span<const Outcome> outcomes, const Calibration& prior) {
  std::vector<Outcome> sorted(outcomes.begin(), outcomes.end());
  std::ranges::sort(sorted, {}, [](const Outcome& o) { return std::tuple(o.score, o.approved); });
  Calibration out = prior;
  out.verdicts = sorted.size();
  if (sorted.empty()) return out;
  for (int i = 0; i < kNewtonSteps; ++i) {
    const Step step = newton(sorted, prior, out);
    constexpr double kInterceptStep = kStepMax * kInterceptDeviation;
    constexpr double kSlopeStep = kStepMax * kSlopeDeviation;
    out.intercept += std::clamp(step.intercept, -kInterceptStep, kInterceptStep);
    out.slope = std::max(kSlopeMin, out.slope + std::clamp(step.slope, -kSlopeStep, kSlopeStep));
  }
  return out;
}

double confidence(const Calibration& calibration, Score score) {
  return std::clamp(logistic(calibration.intercept + calibration.slope * nats(score)),
                    kConfidenceMin, kConfidenceMax);
}

}  // namespace groove::scorer
