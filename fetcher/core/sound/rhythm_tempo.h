// Which beat periods a song may have: the autocorrelation of its accents, summed over the first
// multiples of a period (a comb: Klapuri, Eronen & Astola 2006; Percival & Tzanetakis 2014).
#pragma once

#include <array>
#include <vector>

#include "fetcher/core/sound/harmony.h"
#include "fetcher/core/sound/rhythm_accents.h"

namespace groove::sound {

class Periodicity {
 public:
  Periodicity(const Accents& accents, const Harmony& harmony);

  // How alike the voice is to itself `lag` steps later, 1 at lag 0; 0 beyond 9.3 s.
  double at(Voice voice, double lag) const;
  // The same of how much the harmony changes: chords tend to change with the bars.
  double of_harmony(double lag) const;
  // The mean over the first four multiples of a period, of all voices together.
  double comb(double period) const;
  // Periods in steps, of 36 to 260 beats a minute, strongest first, then those related to it as a
  // listener's other choices are (half, double, triple, two thirds, ...). At most 12, none within
  // 5 % of another; empty if the song has no accents.
  std::vector<double> candidates() const;

 private:
  std::array<std::vector<float>, kVoices> of_;  // by lag, in frames
  std::vector<float> of_harmony_;               // by lag, in pitch frames
};

}  // namespace groove::sound
