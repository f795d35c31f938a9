// What sounds between two moments of a song.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

// The frames of a grid of `rate` whose middles lie between two moments: first, and one past the
// last; at least one. Requires: count > 0.
std::pair<std::size_t, std::size_t> frames_between(double from, double to, double rate,
                                                   std::size_t count);

// How strongly each pitch class sounds, the strongest 1; of silence all are 1, as in the Audio
// Analysis. Requires: the song has frames.
std::array<float, kPitches> pitches_of(const Frames& frames, double from, double to);

// LUFS of the mean K-weighted energy, without gating.
double loudness_between(const Frames& frames, double from, double to);

}  // namespace groove::sound
