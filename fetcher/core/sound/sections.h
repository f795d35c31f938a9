// The large parts of a song: where its sound changes most (Foote 2000: a checkerboard kernel along
// the diagonal of the self-similarity matrix).
#pragma once

#include <span>
#include <vector>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

// At least one for a song that has frames; they cover it without a gap. Start, duration, confidence
// and loudness are set; the rest is for whoever knows rhythm and key.
std::vector<Section> find_sections(const Frames& frames, std::span<const Interval> beats);

}  // namespace groove::sound
