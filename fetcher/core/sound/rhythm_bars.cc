#include "fetcher/core/sound/rhythm_bars.h"

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr float kMarkMax = 3;  // deviations: one wild beat shall not decide

// What is measured at beat `now`, `before` seconds after the last and `after` before the next.
BeatMarks measure(const Hearing& hearing, double now, double before, double after) {
  const Accents& accents = hearing.accents;
  const Harmony& harmony = hearing.harmony;
  const auto next = harmony.between(now, now + after), last = harmony.between(now - before, now);
  const auto next_two = harmony.between(now, now + 2 * after);
  const auto last_two = harmony.between(now - 2 * before, now);
  double bass = 0;
  for (int p = kPitches; p < 2 * kPitches; ++p) bass += next[p];
  using enum Harmony::Part;
  const std::array<double, kMarks> marks{
      accents.near(kLowVoice, now),
      accents.near(kMiddleVoice, now),
      accents.near(kHighVoice, now),
      accents.near(kAllVoices, now),
      accents.near(kLowVoice, now + after / 2),
      accents.near(kHighVoice, now + after / 2),
      Harmony::distance(next, last, kChords),
      Harmony::distance(next, last, kBass),
      Harmony::distance(next_two, last_two, kChords),
      Harmony::distance(next_two, last_two, kBass),
      hearing.level(now, now + after / 2) - hearing.level(now - before / 2, now),
      hearing.level(now, now + after),
      bass,
  };
  BeatMarks out;
  std::ranges::transform(marks, out.begin(), [](double mark) { return static_cast<float>(mark); });
  return out;
}

void standardise(std::vector<BeatMarks>& beats) {
  const auto count = static_cast<double>(beats.size());
  for (std::size_t mark = 0; mark < kMarks; ++mark) {
    double sum = 0, squares = 0;
    for (const BeatMarks& beat : beats) sum += beat[mark];
    const double mean = sum / count;
    for (const BeatMarks& beat : beats) squares += (beat[mark] - mean) * (beat[mark] - mean);
    const double deviation = std::sqrt(squares / count) + 1e-3;
    for (BeatMarks& beat : beats) {
      const auto value = static_cast<float>((beat[mark] - mean) / deviation);
      beat[mark] = std::clamp(value, -kMarkMax, kMarkMax);
    }
  }
}

// log(1 + exp(x)), without overflow.
double softplus(double x) { return x > 30 ? x : std::log1p(std::exp(x)); }

}  // namespace

Hearing::Hearing(const Frames& frames) : accents(frames), harmony(frames), energy_sums_(1) {
  energy_sums_.reserve(frames.energy.size() + 1);
  for (const float energy : frames.energy) energy_sums_.push_back(energy_sums_.back() + energy);
}

double Hearing::level(double from, double to) const {
  const auto place = [&](double seconds) {
    const auto end = static_cast<double>(energy_sums_.size() - 1);
    return static_cast<std::size_t>(std::clamp(seconds * kEnergyRate, 0.0, end));
  };
  const std::size_t first = place(from), last = place(to);
  if (last <= first) return kSilenceDb;
  const double mean =
      (energy_sums_[last] - energy_sums_[first]) / static_cast<double>(last - first);
  return 10 * std::log10(mean + 1e-6);
}

std::vector<BeatMarks> beat_marks(const Hearing& hearing, std::span<const double> beats) {
  GROOVE_CHECK(beats.size() >= 2);
  std::vector<BeatMarks> marks;
  marks.reserve(beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const std::size_t before = i > 0 ? i : 1, after = i + 1 < beats.size() ? i + 1 : i;
    marks.push_back(measure(hearing, beats[i], beats[before] - beats[before - 1],
                            beats[after] - beats[after - 1]));
  }
  standardise(marks);
  return marks;
}

std::vector<double> downbeat_odds(std::span<const BeatMarks> marks) {
  const auto count = static_cast<std::ptrdiff_t>(marks.size());
  constexpr auto kReach = static_cast<std::ptrdiff_t>(kMarkReach);
  std::vector<double> odds(marks.size(), kDownbeatModel.back());
  for (std::ptrdiff_t beat = 0; beat < count; ++beat) {
    for (std::ptrdiff_t offset = -kReach; offset <= kReach; ++offset) {
      if (beat + offset < 0 || beat + offset >= count) continue;
      const float* weights = &kDownbeatModel[static_cast<std::size_t>(offset + kReach) * kMarks];
      for (std::size_t mark = 0; mark < kMarks; ++mark)
        odds[beat] += double{weights[mark]} * marks[beat + offset][mark];
    }
  }
  return odds;
}

std::array<MetreFit, kMetreMax + 1> fit_metres(std::span<const double> odds) {
  std::array<MetreFit, kMetreMax + 1> fits;
  double none = 0;  // log likelihood if no beat began a bar; each that does adds its odds
  for (const double odd : odds) none -= softplus(odd);
  const auto count = static_cast<double>(std::max<std::size_t>(1, odds.size()));
  for (int metre = kMetreMin; metre <= kMetreMax; ++metre) {
    std::array<double, kMetreMax> sums{};
    for (std::size_t i = 0; i < odds.size(); ++i)
      sums[i % static_cast<std::size_t>(metre)] += odds[i];
    const auto best = std::max_element(sums.begin(), sums.begin() + metre);
    fits[metre] = {static_cast<int>(best - sums.begin()), (none + *best) / count};
  }
  return fits;
}

}  // namespace groove::sound
