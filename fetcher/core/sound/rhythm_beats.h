// Beats of about a given period: the path through the accents that collects most of them while its
// intervals stay near the period, by dynamic programming (Ellis 2007), and once more around the
// local period of a freer path, so that a tempo that drifts is followed.
#pragma once

#include <vector>

#include "fetcher/core/sound/rhythm_accents.h"

namespace groove::sound {

struct BeatPath {
  std::vector<double> steps;  // of each beat, rising
  double score = 0;           // accents collected, less what uneven intervals cost
};

// Requires: period > 1 step.
BeatPath follow_beats(const std::vector<float>& accents, double period);

}  // namespace groove::sound
