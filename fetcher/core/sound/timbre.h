// The timbre of a stretch of sound in 12 numbers, after the Echo Nest's: the auditory spectrogram
// of the stretch (mel bands in dB, over its time) against 12 fixed patterns. Theirs are the first
// principal components of many segments; ours are products of cosines over the bands and over the
// time, of which the first look the same: [0] loudness, [1] brightness (bass or treble), [2]
// flatness (the middle or the edges), [3] attack (the start or the end), then finer. Scaled so that
// over much music each spreads as theirs does.
#pragma once

#include <array>
#include <cstddef>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

// Of the frames first .. last - 1. Requires: first < last <= frames.count().
std::array<float, kTimbres> timbre_of(const Frames& frames, std::size_t first, std::size_t last);

}  // namespace groove::sound
