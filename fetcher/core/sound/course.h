// The course of a song: what sounds step after step, a step being a beat, some beats, or a fixed
// time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

// A step's kSeriesDims values: pitches (0..1, the strongest 1), timbre / 100, and loudness from 0
// (kSilenceDb) to 1 (full scale). Spread about alike, so that a plain distance hears them all.
struct Step {
  double start = 0, duration = 0;
  std::array<float, kSeriesDims> values{};
};

// Steps of one beat, or of `least` seconds if there are no beats or they are shorter. They cover
// the song.
std::vector<Step> steps_of(const Frames& frames, std::span<const Interval> beats, double least);

// The song in at most kSeriesStepsMax steps of a whole number of beats (or of the same time, at
// least half a second): the values of step after step.
std::vector<float> make_series(const Frames& frames, std::span<const Interval> beats);

// The same series with its pitches turned so that the key's tonic comes first: songs of the same
// course in different keys are the same. Key -1 changes nothing.
std::vector<float> without_key(std::span<const float> series, int key);

}  // namespace groove::sound
