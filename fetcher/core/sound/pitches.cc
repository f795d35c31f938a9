#include "fetcher/core/sound/pitches.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/loudness.h"
#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr double kContrast = 1.25;  // the power of the amplitudes, for spreads as published

std::size_t nearest(double seconds, double rate, std::size_t count) {
  return std::min(count - 1, static_cast<std::size_t>(std::max(0.0, seconds * rate + 0.5)));
}

}  // namespace

std::pair<std::size_t, std::size_t> frames_between(double from, double to, double rate,
                                                   std::size_t count) {
  GROOVE_CHECK(count > 0);
  const std::size_t first = nearest(from, rate, count);
  return {first, std::max(first + 1, nearest(to, rate, count))};
}

std::array<float, kPitches> pitches_of(const Frames& frames, double from, double to) {
  const auto [first, last] = frames_between(from, to, kPitchRate, frames.pitch_count());
  std::array<double, kPitches> sum{};
  for (std::size_t frame = first; frame < last; ++frame) {
    const auto chroma = frames.chroma(frame);
    for (int pitch = 0; pitch < kPitches; ++pitch) sum[pitch] += chroma[pitch];
  }
  const double strongest = *std::max_element(sum.begin(), sum.end());
  std::array<float, kPitches> pitches{};
  for (int pitch = 0; pitch < kPitches; ++pitch)
    pitches[pitch] =
        strongest > 0 ? static_cast<float>(std::pow(sum[pitch] / strongest, kContrast)) : 1;
  return pitches;
}

double loudness_between(const Frames& frames, double from, double to) {
  const auto [first, last] = frames_between(from, to, kEnergyRate, frames.energy.size());
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += frames.energy[i];
  return loudness_db(sum / static_cast<double>(last - first));
}

}  // namespace groove::sound
