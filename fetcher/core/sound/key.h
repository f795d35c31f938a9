// The key and mode of a song or a part of it.
//
// The mean chroma, tuned (Frames::tuning), of the whole, of its beginning and of its end is
// compared with a profile for each mode, turned to each of the twelve tonics, as Krumhansl (1990)
// did; the profiles themselves, one each for the three chromas, are fitted by logistic regression
// to music whose key is known (tests/bench/rhythm/learn.py) instead of taken from listening tests.
// Beginning and end have a say because relative keys share their notes, but not where they start
// and rest.
#pragma once

#include <array>
#include <cstddef>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

struct Key {
  int tonic = -1;              // 0 is C; -1: nothing sounds
  int mode = 0;                // 1 major, 0 minor
  double confidence = 0;       // that this is the tonic
  double mode_confidence = 0;  // that, if it is, this is the mode
};

inline constexpr std::size_t kKeyChromas = 3;
// Chroma of the whole, the first and the last eight seconds: 12 values each, mean 1; 0 if silent.
using KeyFeatures = std::array<std::array<float, kPitches>, kKeyChromas>;
KeyFeatures key_features(const Frames& frames, double from, double to);

// Of the seconds from..to.
Key find_key(const Frames& frames, double from, double to);

}  // namespace groove::sound
