// Sounds to test with: mono, at the analyser's rate.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <vector>

#include "fetcher/core/sound/analysis.h"

namespace groove::sound {

inline std::size_t samples_of(double seconds) {
  return static_cast<std::size_t>(seconds * kSampleRate + 0.5);
}

inline std::vector<float> silence(double seconds) {
  return std::vector<float>(samples_of(seconds));
}

// Adds a tone with `harmonics` falling as 1/h, that sets in within 5 ms and fades by `decay` (1/s).
inline void add_tone(std::vector<float>& sound, double start, double seconds, double hz,
                     double amplitude, int harmonics = 1, double decay = 0) {
  const std::size_t first = samples_of(start);
  for (std::size_t i = 0; i < samples_of(seconds) && first + i < sound.size(); ++i) {
    const double t = static_cast<double>(i) / kSampleRate;
    const double swell = std::min({1.0, t / 0.005, (seconds - t) / 0.005}) * std::exp(-decay * t);
    for (int h = 1; h <= harmonics; ++h)
      sound[first + i] +=
          static_cast<float>(swell * amplitude / h * std::sin(2 * std::numbers::pi * hz * h * t));
  }
}

inline std::vector<float> noise(double seconds, double amplitude, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> sound(samples_of(seconds));
  for (float& sample : sound)
    sample = static_cast<float>(amplitude * (static_cast<double>(random()) / 2147483648.0 - 1));
  return sound;
}

// The frequency of a key of the piano; 69 is A at 440 Hz.
inline double hz_of(double key) { return 440 * std::exp2((key - 69) / 12); }

}  // namespace groove::sound
