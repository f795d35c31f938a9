#include "fetcher/core/sound/course.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/pitches.h"
#include "fetcher/core/sound/timbre.h"
#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr double kStepLeast = 0.5;  // seconds, of a series without beats

void describe(const Frames& frames, Step& step) {
  const double end = step.start + step.duration;
  const auto pitches = pitches_of(frames, step.start, end);
  std::copy(pitches.begin(), pitches.end(), step.values.begin());
  const auto [first, last] = frames_between(step.start, end, kFrameRate, frames.count());
  const auto timbre = timbre_of(frames, first, last);
  for (int i = 0; i < kTimbres; ++i) step.values[kPitches + i] = timbre[i] / 100;
  const double loudness = loudness_between(frames, step.start, end);
  step.values[kSeriesDims - 1] = static_cast<float>((loudness - kSilenceDb) / -kSilenceDb);
}

// Where steps of so many beats start. What lies before the first beat is a step of its own, or, if
// it is short, belongs to the first.
std::vector<double> beat_starts(std::span<const Interval> beats, std::size_t beats_a_step) {
  std::vector<double> starts;
  for (std::size_t i = 0; i < beats.size(); i += beats_a_step) starts.push_back(beats[i].start);
  if (starts.front() > 0.1) starts.insert(starts.begin(), 0);
  starts.front() = 0;
  return starts;
}

std::vector<double> even_starts(double duration, double length) {
  std::vector<double> starts;
  const auto count = static_cast<std::size_t>(std::max(1.0, duration / length));
  for (std::size_t i = 0; i < count; ++i)
    starts.push_back(duration * static_cast<double>(i) / static_cast<double>(count));
  return starts;
}

std::vector<Step> steps_from(const Frames& frames, const std::vector<double>& starts) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const double end = i + 1 < starts.size() ? starts[i + 1] : frames.duration;
    if (end <= starts[i]) continue;
    steps.push_back({.start = starts[i], .duration = end - starts[i]});
    describe(frames, steps.back());
  }
  return steps;
}

std::size_t beats_in(std::span<const Interval> beats, double least) {
  const double mean = (beats.back().start - beats.front().start) /
                      static_cast<double>(std::max<std::size_t>(1, beats.size() - 1));
  return mean >= least || mean <= 0 ? 1 : static_cast<std::size_t>(std::ceil(least / mean - 0.01));
}

}  // namespace

std::vector<Step> steps_of(const Frames& frames, std::span<const Interval> beats, double least) {
  if (frames.count() == 0) return {};
  return steps_from(frames, beats.size() < 2 ? even_starts(frames.duration, least)
                                             : beat_starts(beats, beats_in(beats, least)));
}

std::vector<float> make_series(const Frames& frames, std::span<const Interval> beats) {
  if (frames.count() == 0) return {};
  const double length = std::max(kStepLeast, frames.duration / kSeriesStepsMax);
  // One step is kept for what comes before the first beat.
  const std::size_t group = (beats.size() + kSeriesStepsMax - 2) / (kSeriesStepsMax - 1);
  const auto steps = steps_from(
      frames, beats.size() < 2 ? even_starts(frames.duration, length) : beat_starts(beats, group));
  GROOVE_CHECK(steps.size() <= kSeriesStepsMax);
  std::vector<float> series;
  for (const Step& step : steps)
    series.insert(series.end(), step.values.begin(), step.values.end());
  return series;
}

std::vector<float> without_key(std::span<const float> series, int key) {
  GROOVE_CHECK(series.size() % kSeriesDims == 0 && key >= -1 && key < kPitches);
  std::vector<float> turned(series.begin(), series.end());
  for (std::size_t step = 0; key > 0 && step < turned.size(); step += kSeriesDims)
    std::rotate(turned.begin() + step, turned.begin() + step + key,
                turned.begin() + step + kPitches);
  return turned;
}

}  // namespace groove::sound
