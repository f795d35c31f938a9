// The rhythm of a song of any length: a long mix changes its tempo, and what the search for beats
// keeps grows with what it searches.
#pragma once

#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/rhythm.h"

namespace groove::sound {

inline constexpr double kRhythmPieceSeconds = 20 * 60;

// find_rhythm() of songs up to kRhythmPieceSeconds. Longer ones are divided into equal pieces that
// are shorter, and their beats, bars and tatums joined; tempo, time signature and confidences are
// those of the piece that is surest of its tempo.
Rhythm find_rhythm_in_pieces(const Frames& frames);

}  // namespace groove::sound
