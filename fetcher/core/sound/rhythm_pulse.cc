#include "fetcher/core/sound/rhythm_pulse.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/rhythm_beats.h"
#include "fetcher/core/sound/rhythm_tempo.h"
#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr std::array<double, 4> kPhases{0, 1.0 / 2, 1.0 / 3, 2.0 / 3};
constexpr float kAudible = 0.7F;  // accent of the first and the last sound
constexpr double kMargin = 0.07;  // seconds a beat may lie outside them
constexpr std::size_t kBeatsMin = 4;

// First and last moment where something sets in.
std::pair<double, double> sounding(const Accents& accents) {
  const auto& curve = accents.of[kAllVoices];
  const auto audible = [](float accent) { return accent >= kAudible; };
  const auto first = std::find_if(curve.begin(), curve.end(), audible);
  const auto last = std::find_if(curve.rbegin(), curve.rend(), audible);
  return {static_cast<double>(first - curve.begin()) / kStepRate - kMargin,
          static_cast<double>(curve.rend() - last) / kStepRate + kMargin};
}

// The path's beats in seconds, moved on by a share of their intervals.
std::vector<double> shifted(const std::vector<double>& steps, double phase) {
  std::vector<double> beats;
  beats.reserve(steps.size() + 1);
  if (phase > 0) beats.push_back(steps[0] - (1 - phase) * (steps[1] - steps[0]));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t next = i + 1 < steps.size() ? i + 1 : i;
    beats.push_back(steps[i] + phase * (steps[next] - steps[next - 1]));
  }
  for (double& beat : beats) beat /= kStepRate;
  return beats;
}

class Features {
 public:
  explicit Features(std::array<float, kPulseFeatures>& out) : out_(out) {}
  ~Features() { GROOVE_CHECK(count_ == out_.size()); }
  Features(const Features&) = delete;
  Features& operator=(const Features&) = delete;

  void add(double value) {
    GROOVE_CHECK(count_ < out_.size());
    out_[count_++] = static_cast<float>(value);
  }

 private:
  std::array<float, kPulseFeatures>& out_;
  std::size_t count_ = 0;
};

void add_tempo(double period, double phase, Features& features) {
  const double octaves = std::log2(60 / period / 110);
  features.add(octaves);
  features.add(octaves * octaves);
  features.add(std::abs(octaves * octaves * octaves));
  for (std::size_t i = 1; i < kPhases.size(); ++i)
    features.add(std::abs(phase - kPhases[i]) < 1e-9);
}

// A voice's accents on the beat, its half, its quarters and its thirds, relative to everywhere.
void add_profile(const Accents& accents, Voice voice, const std::vector<double>& beats,
                 Features& features) {
  double on = 0, half = 0, quarters = 0, thirds = 0;
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    const double length = beats[i + 1] - beats[i];
    const auto at = [&](double share) { return accents.near(voice, beats[i] + share * length); };
    on += at(0);
    half += at(0.5);
    quarters += 0.5 * (at(0.25) + at(0.75));
    thirds += 0.5 * (at(1.0 / 3) + at(2.0 / 3));
  }
  const double everywhere =
      (accents.mean_near(voice) + 0.01) * static_cast<double>(beats.size() - 1);
  for (const double sum : {on, half, quarters, thirds}) features.add(sum / everywhere);
}

// The share of beats, and of their halves, where something sets in: beats that a song leaves empty
// are seldom its beats, however strong the others are.
void add_struck(const Accents& accents, const std::vector<double>& beats, Features& features) {
  double on = 0, half = 0;
  const float struck = 0.8F * accents.mean_near(kAllVoices);
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    on += accents.near(kAllVoices, beats[i]) > struck;
    half += accents.near(kAllVoices, 0.5 * (beats[i] + beats[i + 1])) > struck;
  }
  const auto count = static_cast<double>(beats.size() - 1);
  features.add(on / count);
  features.add(half / count);
}

void add_harmony_profile(const Harmony& harmony, const std::vector<double>& beats,
                         Features& features) {
  double on = 0, half = 0;
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    on += harmony.flux(beats[i]);
    half += harmony.flux(0.5 * (beats[i] + beats[i + 1]));
  }
  const auto count = static_cast<double>(beats.size() - 1);
  features.add(on / count);
  features.add(half / count);
}

// How far the strongest of every 2, 3 and 4 beats stands out.
template <class Value>
void add_contrasts(const std::vector<double>& beats, Value value, Features& features) {
  std::vector<double> values;
  values.reserve(beats.size());
  double total = 0;
  for (const double beat : beats) total += values.emplace_back(value(beat));
  const double mean = total / static_cast<double>(values.size()) + 1e-2;
  for (const std::size_t group : {2, 3, 4}) {
    std::array<double, 4> sums{};
    for (std::size_t i = 0; i < values.size(); ++i) sums[i % group] += values[i];
    double most = 0;
    for (std::size_t i = 0; i < group; ++i) {
      const auto members = static_cast<double>((values.size() - i + group - 1) / group);
      most = std::max(most, sums[i] / members);
    }
    features.add(most / mean - 1);
  }
}

void add_periodicity(const Periodicity& periodicity, double period, Features& features) {
  for (const Voice voice : {kAllVoices, kLowVoice, kMiddleVoice, kHighVoice})
    for (const double multiple : {0.5, 1.0, 2.0, 3.0, 4.0})
      features.add(periodicity.at(voice, multiple * period));
  for (const double multiple : {1.0 / 3, 2.0 / 3, 3.0 / 4, 4.0 / 3, 3.0 / 2, 5.0, 6.0, 8.0})
    features.add(periodicity.at(kAllVoices, multiple * period));
  for (const double multiple : {1.0, 2.0, 3.0, 4.0, 6.0, 8.0})
    features.add(periodicity.of_harmony(multiple * period));
}

void add_bars(const Hearing& hearing, const std::vector<double>& beats, Features& features) {
  const auto fits = fit_metres(downbeat_odds(beat_marks(hearing, beats)));
  const double usual = std::max({fits[2].fit, fits[3].fit, fits[4].fit});
  features.add(usual);
  for (const int metre : {2, 3, 4}) features.add(fits[metre].fit);
  features.add(std::max(fits[5].fit, fits[7].fit) - usual);
  features.add(fits[6].fit - usual);
}

class Search {
 public:
  explicit Search(const Hearing& hearing)
      : hearing_(hearing),
        periodicity_(hearing.accents, hearing.harmony),
        span_(sounding(hearing.accents)) {}

  std::vector<Pulse> pulses() const {
    std::vector<Pulse> found;
    for (const double period : periodicity_.candidates()) {
      const BeatPath path = follow_beats(hearing_.accents.of[kAllVoices], period);
      if (path.steps.size() < kBeatsMin) continue;
      for (const double phase : kPhases) add_pulse(path, period, phase, found);
    }
    return found;
  }

 private:
  void add_pulse(const BeatPath& path, double period, double phase,
                 std::vector<Pulse>& found) const {
    Pulse pulse{.period = period / kStepRate, .beats = shifted(path.steps, phase)};
    std::erase_if(pulse.beats, [&](double t) { return t < span_.first || t > span_.second; });
    if (pulse.beats.size() < kBeatsMin) return;
    for (int beats = 1; beats <= 4; ++beats)
      pulse.regularity += periodicity_.at(kAllVoices, beats * period) / 4;
    describe(path, period, phase, pulse);
    found.push_back(std::move(pulse));
  }

  void describe(const BeatPath& path, double period, double phase, Pulse& pulse) const {
    Features features(pulse.features);
    add_tempo(pulse.period, phase, features);
    const Accents& accents = hearing_.accents;
    for (const Voice voice : {kAllVoices, kLowVoice, kMiddleVoice, kHighVoice}) {
      add_profile(accents, voice, pulse.beats, features);
      add_contrasts(pulse.beats, [&](double t) { return accents.near(voice, t); }, features);
    }
    add_struck(accents, pulse.beats, features);
    add_harmony_profile(hearing_.harmony, pulse.beats, features);
    add_contrasts(pulse.beats, [&](double t) { return hearing_.harmony.flux(t); }, features);
    add_periodicity(periodicity_, period, features);
    features.add(path.score / static_cast<double>(path.steps.size()));
    add_bars(hearing_, pulse.beats, features);
  }

  const Hearing& hearing_;
  Periodicity periodicity_;
  std::pair<double, double> span_;
};

}  // namespace

std::vector<Pulse> find_pulses(const Hearing& hearing) {
  std::vector<Pulse> pulses = Search(hearing).pulses();
  std::vector<double> scores;
  double best = -1e30, total = 0;
  for (const Pulse& pulse : pulses) {
    double score = 0;
    for (std::size_t i = 0; i < kPulseFeatures; ++i)
      score += double{kPulseModel[i]} * pulse.features[i];
    best = std::max(best, scores.emplace_back(score));
  }
  for (double& score : scores) total += score = std::exp(score - best);
  for (std::size_t i = 0; i < pulses.size(); ++i) pulses[i].probability = scores[i] / total;
  std::ranges::stable_sort(pulses, std::ranges::greater{}, &Pulse::probability);
  return pulses;
}

}  // namespace groove::sound
