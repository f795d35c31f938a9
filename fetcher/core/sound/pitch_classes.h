// From the power spectrum of the pitch frames: how strongly each pitch class sounds. Peaks of the
// spectrum, with their frequency interpolated between the bins, are added to the pitch class they
// are nearest to (the harmonic pitch class profile of Gómez 2006, without its harmonics), so that
// noise and drums, which have no lasting peaks, count little.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/lanes.h"

namespace groove::sound {

class PitchClasses {
 public:
  PitchClasses();

  // Appends `count` pitch frames' fine chroma, bass and tonalness to `frames`.
  void take(std::span<const Lanes> power, std::size_t count, Frames& frames);
  // Semitones that the peaks heard so far lie above equal temperament at A = 440 Hz.
  double tuning() const;

 private:
  void add_frame(std::span<const Lanes> power, std::size_t lane, Frames& frames);
  void add_peak(std::size_t bin, std::size_t lane, float power, float* chroma, float* bass);

  std::vector<Lanes> level_;             // log2 of the power of the bins in use
  std::vector<float> bin_pitch_;         // of each bin, in semitones above C
  std::array<double, 100> deviation_{};  // amplitude of peaks by their hundredth of a semitone
};

}  // namespace groove::sound
