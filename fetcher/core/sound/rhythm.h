// Tempo, beats, tatums and bars of a song.
#pragma once

#include <span>
#include <vector>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

struct Rhythm {
  double tempo = 0;  // beats a minute; 0: none found, then there are no beats either
  double tempo_confidence = 0;
  int time_signature = 4;  // 3..7; 6 for two beats of three tatums each
  double time_signature_confidence = 0;
  std::vector<Interval> tatums, beats, bars;
};

// Accents -> candidate periods -> courses of beats -> the one to tap to (rhythm_pulse.h) -> the
// metre and its first beat (rhythm_bars.h) -> the finest regular subdivision of the beat.
Rhythm find_rhythm(const Frames& frames);

// Beats a minute of the beats that start in from..to seconds; 0 if fewer than three do.
double tempo_between(std::span<const Interval> beats, double from, double to);

}  // namespace groove::sound
