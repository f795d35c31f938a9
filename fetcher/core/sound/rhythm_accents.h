// How strongly something sets in at each moment, as the search for a beat wants it: the onset
// strengths of bands, made comparable, freed from their local mean, twice as dense as the frames.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/frames.h"

namespace groove::sound {

inline constexpr double kStepRate = 2 * kFrameRate;  // steps a second: 86.13

enum Voice : std::size_t { kAllVoices, kLowVoice, kMiddleVoice, kHighVoice, kVoices };

struct Accents {
  // Of all bands, and of those below 400 Hz (bass drum, bass), of 400 to 1600 Hz, and above. Root
  // mean square 1 over the song (0 throughout if nothing sets in).
  std::array<std::vector<float>, kVoices> of;

  explicit Accents(const Frames& frames);

  std::size_t steps() const { return of[kAllVoices].size(); }
  // The strongest accent within 2 steps (23 ms) of a time in seconds; 0 outside the song.
  float near(Voice voice, double seconds) const;
  // The mean of near() over the song.
  float mean_near(Voice voice) const { return mean_near_[voice]; }

 private:
  std::array<std::vector<float>, kVoices> near_;
  std::array<float, kVoices> mean_near_{};
};

}  // namespace groove::sound
