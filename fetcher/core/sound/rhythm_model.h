// What was learned of how beats and bars sound: weights of two linear models, fitted by
// tests/bench/rhythm/learn.py on music rendered from MIDI, whose beats are known.
#pragma once

#include <array>
#include <cstddef>

namespace groove::sound {

// What is measured at each beat: see beat_marks().
inline constexpr std::size_t kMarks = 13;
// A downbeat shows in the marks of the beats around it as well.
inline constexpr std::size_t kMarkReach = 3;  // beats on both sides
inline constexpr std::size_t kDownbeatWeights = (2 * kMarkReach + 1) * kMarks + 1;
// What is measured of each course of beats a song may have: see pulse_features().
inline constexpr std::size_t kPulseFeatures = 82;

// The last is the constant; then the marks of 3 beats before come first.
extern const std::array<float, kDownbeatWeights> kDownbeatModel;
extern const std::array<float, kPulseFeatures> kPulseModel;

}  // namespace groove::sound
