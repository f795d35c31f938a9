#include "fetcher/core/sound/rhythm_beats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>

namespace groove::sound {
namespace {

constexpr float kStiff = 1000, kLoose = 30;  // cost of an interval: times the squared log ratio
constexpr double kShortestRatio = 0.75, kLongestRatio = 1.33;
constexpr int kDriftBeats = 8;       // on both sides, for the local period
constexpr double kDriftGain = 1.03;  // the freer path must be this much better
constexpr std::size_t kIntervalMax = 256;

const std::array<float, kIntervalMax>& logarithms() {
  static const auto table = [] {
    std::array<float, kIntervalMax> logs{};
    for (std::size_t i = 1; i < kIntervalMax; ++i)
      logs[i] = static_cast<float>(std::log(static_cast<double>(i)));
    return logs;
  }();
  return table;
}

// Where the period is a piece of a line: from each knot to the next.
struct Period {
  std::vector<double> at, steps;  // knots, rising; the period there
};

class Path {
 public:
  Path(const std::vector<float>& accents, float stiffness)
      : accents_(accents), stiffness_(stiffness), score_(accents.size()), from_(accents.size()) {}

  // Of one period throughout.
  BeatPath follow(double period) {
    prepare(period);
    for (std::size_t t = 0; t < accents_.size(); ++t) step(t);
    return traced();
  }

  BeatPath follow(const Period& period) {
    std::size_t knot = 0;
    double now = 0;
    for (std::size_t t = 0; t < accents_.size(); ++t) {
      const auto time = static_cast<double>(t);
      while (knot + 1 < period.at.size() && period.at[knot + 1] <= time) ++knot;
      if (std::abs(period.steps[knot] - now) > 1e-9) prepare(now = period.steps[knot]);
      step(t);
    }
    return traced();
  }

 private:
  void prepare(double period) {
    shortest_ = static_cast<std::size_t>(std::max(1.0, period * kShortestRatio));
    longest_ = std::min(kIntervalMax - 1, static_cast<std::size_t>(period * kLongestRatio) + 1);
    reach_ = std::max(reach_, longest_);
    const auto middle = static_cast<float>(std::log(period));
    for (std::size_t i = shortest_; i <= longest_; ++i) {
      const float ratio = logarithms()[i] - middle;
      cost_[i] = stiffness_ * ratio * ratio;
    }
  }

  void step(std::size_t t) {
    float best = 0;
    std::ptrdiff_t from = -1;
    const std::size_t longest = std::min(longest_, t);
    for (std::size_t interval = shortest_; interval <= longest; ++interval) {
      const float score = score_[t - interval] - cost_[interval];
      if (score > best) {
        best = score;
        from = static_cast<std::ptrdiff_t>(t - interval);
      }
    }
    score_[t] = accents_[t] + best;
    from_[t] = from;
  }

  BeatPath traced() const {
    BeatPath path;
    if (accents_.empty()) return path;
    const std::size_t first = accents_.size() > reach_ ? accents_.size() - reach_ : 0;
    const auto end =
        std::max_element(score_.begin() + static_cast<std::ptrdiff_t>(first), score_.end());
    path.score = *end;
    for (auto t = end - score_.begin(); t >= 0; t = from_[static_cast<std::size_t>(t)])
      path.steps.push_back(static_cast<double>(t));
    std::ranges::reverse(path.steps);
    return path;
  }

  const std::vector<float>& accents_;
  float stiffness_;
  std::vector<float> score_;
  std::vector<std::ptrdiff_t> from_;
  std::array<float, kIntervalMax> cost_{};
  std::size_t shortest_ = 1, longest_ = 1, reach_ = 1;
};

Period local_period(const BeatPath& path) {
  const auto count = static_cast<std::ptrdiff_t>(path.steps.size());
  Period period{path.steps, {}};
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const auto first = std::max<std::ptrdiff_t>(0, i - kDriftBeats);
    const auto last = std::min(count - 1, i + kDriftBeats);
    period.steps.push_back((path.steps[last] - path.steps[first]) /
                           static_cast<double>(last - first));
  }
  return period;
}

}  // namespace

BeatPath follow_beats(const std::vector<float>& accents, double period) {
  BeatPath even = Path(accents, kStiff).follow(period);
  const BeatPath loose = Path(accents, kLoose).follow(period);
  if (loose.steps.size() < kDriftBeats) return even;
  BeatPath drifting = Path(accents, kStiff).follow(local_period(loose));
  return drifting.score > kDriftGain * even.score ? drifting : even;
}

}  // namespace groove::sound
