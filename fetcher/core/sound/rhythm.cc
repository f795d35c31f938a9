#include "fetcher/core/sound/rhythm.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fetcher/core/sound/rhythm_bars.h"
#include "fetcher/core/sound/rhythm_pulse.h"

namespace groove::sound {
namespace {

constexpr double kShortestSong = 3;  // seconds; in less nothing repeats
constexpr double kSameTempo = 0.04;  // share of it
// What a metre must gain in fit over common time, by its rarity.
constexpr std::array<double, kMetreMax + 1> kMetreCost{0, 0, 0.10, 0.03, 0, 0.14, 0.25, 0.20};
constexpr double kTwoThreesCost = 0;  // of two beats a bar, if a beat has three parts: six eighths

double clamp01(double value) { return std::clamp(value, 0.0, 1.0); }

// The mean of the spans of eight beats that are near the middle one: a beat misplaced, or another
// tempo for a while, has no say.
double tempo_of(const std::vector<double>& beats) {
  const std::size_t span = std::min<std::size_t>(8, beats.size() - 1);
  std::vector<double> lengths;
  for (std::size_t i = 0; i + span < beats.size(); ++i)
    lengths.push_back(beats[i + span] - beats[i]);
  std::ranges::sort(lengths);
  const double middle = lengths[lengths.size() / 2];
  double sum = 0, count = 0;
  for (const double length : lengths) {
    if (std::abs(length / middle - 1) > 0.02) continue;
    sum += length;
    ++count;
  }
  return 60 * static_cast<double>(span) * count / sum;
}

// 0 for noise, 1 for what truly repeats.
double clarity(double regularity) { return clamp01((regularity - 0.05) / 0.2); }

double same_tempo_share(const std::vector<Pulse>& pulses) {
  double share = 0;
  for (const Pulse& pulse : pulses)
    if (std::abs(pulse.period / pulses[0].period - 1) <= kSameTempo) share += pulse.probability;
  return share;
}

std::vector<Interval> intervals(const std::vector<double>& starts, double last_length) {
  std::vector<Interval> spans;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const double length = i + 1 < starts.size() ? starts[i + 1] - starts[i] : last_length;
    spans.push_back({std::max(0.0, starts[i]), length, 0});
  }
  return spans;
}

// 2, 3 or 4: into how many parts the beats are most often struck.
int beat_parts(const Accents& accents, const std::vector<double>& beats) {
  double halves = 0, thirds = 0, quarters = 0;
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    const double length = beats[i + 1] - beats[i];
    const auto at = [&](double share) {
      return accents.near(kAllVoices, beats[i] + share * length);
    };
    halves += at(1.0 / 2);
    thirds += std::max(at(1.0 / 3), at(2.0 / 3));
    quarters += std::max(at(1.0 / 4), at(3.0 / 4));
  }
  if (thirds > 1.15 * halves && thirds > 1.15 * quarters) return 3;
  const double level = accents.mean_near(kAllVoices) * static_cast<double>(beats.size());
  return quarters > 0.7 * level && quarters > 0.5 * halves ? 4 : 2;
}

class Builder {
 public:
  Builder(const Hearing& hearing, const std::vector<Pulse>& pulses)
      : accents_(hearing.accents), beats_(pulses[0].beats) {
    rhythm_.tempo = tempo_of(beats_);
    rhythm_.tempo_confidence = clamp01(same_tempo_share(pulses) * clarity(pulses[0].regularity));
    parts_ = beat_parts(accents_, beats_);
    add_beats();
    add_tatums();
    add_bars(downbeat_odds(beat_marks(hearing, beats_)));
  }

  Rhythm take() { return std::move(rhythm_); }

 private:
  void add_beats() {
    rhythm_.beats = intervals(beats_, 60 / rhythm_.tempo);
    const double level = accents_.mean_near(kAllVoices) + 0.05;
    for (std::size_t i = 0; i < beats_.size(); ++i) {
      const double accent = accents_.near(kAllVoices, beats_[i]) / level;
      rhythm_.beats[i].confidence = clamp01(rhythm_.tempo_confidence * (0.5 + 0.35 * accent));
    }
  }

  void add_tatums() {
    for (const Interval& beat : rhythm_.beats)
      for (int part = 0; part < parts_; ++part)
        rhythm_.tatums.push_back(
            {beat.start + beat.duration * part / parts_, beat.duration / parts_, beat.confidence});
  }

  void add_bars(const std::vector<double>& odds) {
    const auto fits = fit_metres(odds);
    const auto value = [&](int metre) {
      const double cost = metre == 2 && parts_ == 3 ? kTwoThreesCost : kMetreCost[metre];
      return fits[metre].fit - cost;
    };
    int metre = 4;
    for (int other = kMetreMin; other <= kMetreMax; ++other)
      if (value(other) > value(metre)) metre = other;
    double total = 0;
    for (int other = kMetreMin; other <= kMetreMax; ++other)
      total += std::exp(kMetreSharpness * (value(other) - value(metre)));
    rhythm_.time_signature = metre == 2 ? (parts_ == 3 ? 6 : 4) : metre;
    rhythm_.time_signature_confidence = rhythm_.tempo_confidence / total;
    std::vector<double> starts;
    for (auto i = static_cast<std::size_t>(fits[metre].first); i < beats_.size(); i += metre)
      starts.push_back(rhythm_.beats[i].start);
    rhythm_.bars = intervals(starts, 60 / rhythm_.tempo * metre);
    for (std::size_t i = 0; i < rhythm_.bars.size(); ++i) {
      const double odd = odds[static_cast<std::size_t>(fits[metre].first) + i * metre];
      rhythm_.bars[i].confidence = rhythm_.tempo_confidence / (1 + std::exp(-odd));
    }
  }

  static constexpr double kMetreSharpness = 12;  // from fits to a share of likelihood

  const Accents& accents_;
  const std::vector<double>& beats_;
  Rhythm rhythm_;
  int parts_ = 2;
};

}  // namespace

Rhythm find_rhythm(const Frames& frames) {
  if (frames.duration < kShortestSong) return {};
  const Hearing hearing(frames);
  const std::vector<Pulse> pulses = find_pulses(hearing);
  return pulses.empty() ? Rhythm{} : Builder(hearing, pulses).take();
}

double tempo_between(std::span<const Interval> beats, double from, double to) {
  std::vector<double> starts;
  for (const Interval& beat : beats)
    if (beat.start >= from && beat.start < to) starts.push_back(beat.start);
  return starts.size() < 3 ? 0 : tempo_of(starts);
}

}  // namespace groove::sound
