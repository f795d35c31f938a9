// Segments: stretches of even sound, about a note long, found by their onsets (Jehan, "Creating
// Music by Listening", MIT 2005, chapter 3), with what is heard in each: loudness, pitches, timbre.
#pragma once

#include <cstddef>
#include <vector>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

inline constexpr double kSegmentMin = 0.08, kSegmentMax = 1.0;  // seconds

// Where a new sound sets in.
struct Onset {
  double seconds = 0;
  double confidence = 0;
};

// In order, at least kSegmentMin apart, none nearer than that to the song's ends.
std::vector<Onset> find_onsets(const Frames& frames);

// The song without a gap: from 0 to its first onset, and on from onset to onset; what is longer
// than kSegmentMax is cut into equal parts. Only a song shorter than kSegmentMin has a shorter
// one, and only an empty song has none.
std::vector<Segment> find_segments(const Frames& frames);

}  // namespace groove::sound
