#include "scorer/core/confidence.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "workers/base/exact_math.h"

namespace groove::scorer {
namespace {

constexpr int kNewtonSteps = 12;
constexpr double kSettled = 1e-9;
constexpr double kStepMax = 2;  // in deviations of the prior: keeps Newton from overshooting

double nats(Score score) { return score / kScoreScale; }

double logistic(double x) {
  const double e = exact_exp(x < 0 ? x : -x);
  return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

double learnt(std::size_t standing) {
  return kLearntRise * exact_log(1 + static_cast<double>(standing) / kLearntVerdicts);
}

// An outcome as the fit sees it.
struct Point {
  double nats, learnt;
  bool approved;
};

std::vector<Point> to_points(std::span<const Outcome> outcomes) {
  std::vector<Outcome> sorted(outcomes.begin(), outcomes.end());
  std::ranges::sort(sorted, {},
                    [](const Outcome& o) { return std::tuple(o.standing, o.score, o.approved); });
  std::vector<Point> out;
  out.reserve(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool same = i > 0 && sorted[i].standing == sorted[i - 1].standing;
    out.push_back({nats(sorted[i].score), same ? out.back().learnt : learnt(sorted[i].standing),
                   sorted[i].approved});
  }
  return out;
}

struct Step {
  double intercept, slope;
};

// Newton's step of the log posterior at `at`.
Step newton(std::span<const Point> points, const Calibration& prior, const Calibration& at) {
  constexpr double kInterceptPrecision = 1 / (kInterceptDeviation * kInterceptDeviation);
  constexpr double kSlopePrecision = 1 / (kSlopeDeviation * kSlopeDeviation);
  double ga = (prior.intercept - at.intercept) * kInterceptPrecision;
  double gb = (prior.slope - at.slope) * kSlopePrecision;
  double haa = kInterceptPrecision, hab = 0, hbb = kSlopePrecision;
  for (const auto& [x, rise, approved] : points) {
    const double p = logistic(at.intercept + at.slope * x + rise);
    const double miss = (approved ? 1.0 : 0.0) - p, weight = p * (1 - p);
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

Calibration calibrate(std::span<const Outcome> outcomes, std::size_t standing,
                      const Calibration& prior) {
  Calibration out = prior;
  out.verdicts = outcomes.size();
  out.standing = standing;
  if (outcomes.empty()) return out;
  const std::vector<Point> points = to_points(outcomes);
  for (int i = 0; i < kNewtonSteps; ++i) {
    const Step step = newton(points, prior, out);
    constexpr double kInterceptStep = kStepMax * kInterceptDeviation;
    constexpr double kSlopeStep = kStepMax * kSlopeDeviation;
    out.intercept += std::clamp(step.intercept, -kInterceptStep, kInterceptStep);
    out.slope = std::max(kSlopeMin, out.slope + std::clamp(step.slope, -kSlopeStep, kSlopeStep));
    if (std::max(std::abs(step.intercept), std::abs(step.slope)) < kSettled) break;
  }
  return out;
}

double confidence(const Calibration& calibration, Score score) {
  return std::clamp(logistic(calibration.intercept + calibration.slope * nats(score) +
                             learnt(calibration.standing)),
                    kConfidenceMin, kConfidenceMax);
}

}  // namespace groove::scorer
