// Where bars begin, given the beats: a linear model says for each beat how much it sounds like a
// first one (its accents, how harmony, bass and loudness change there, and the same of the beats
// around it: features after Davies & Plumbley 2006 and Papadopoulos & Peeters 2011); then each
// metre lays its grid over the beats where it fits best.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/harmony.h"
#include "fetcher/core/sound/rhythm_accents.h"
#include "fetcher/core/sound/rhythm_model.h"

namespace groove::sound {

// A song, prepared for questions about any moment of it.
struct Hearing {
  Accents accents;
  Harmony harmony;

  explicit Hearing(const Frames& frames);

  // Mean loudness over [from, to) seconds, dB relative to full scale, -60 at least.
  double level(double from, double to) const;

 private:
  std::vector<double> energy_sums_;
};

using BeatMarks = std::array<float, kMarks>;

// The marks of each beat (seconds, rising), each standardised over the song (mean 0, deviation 1).
// Requires: at least two beats.
std::vector<BeatMarks> beat_marks(const Hearing& hearing, std::span<const double> beats);

// For each beat the log odds that a bar begins there.
std::vector<double> downbeat_odds(std::span<const BeatMarks> marks);

inline constexpr int kMetreMin = 2, kMetreMax = 7;  // beats a bar

struct MetreFit {
  int first = 0;   // the first beat that begins a bar, 0 .. metre - 1
  double fit = 0;  // mean log likelihood of a beat, at most 0
};
// By metre (0 and 1 are unused): every metre-th beat begins a bar, the others do not.
std::array<MetreFit, kMetreMax + 1> fit_metres(std::span<const double> odds);

}  // namespace groove::sound
