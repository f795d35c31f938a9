// The summary features of a song on the scales that Spotify published, as estimates: how theirs
// were made is not known, and most were learnt from what people said, which we do not have. Each of
// ours is a logistic function of a weighted sum of a few descriptors, for the published reasons
// that summary.cc names.
#pragma once

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/descriptors.h"

namespace groove::sound {

// Reads the analysis' tempo, mode and their confidences.
Summary summarize(const Descriptors& descriptors, const Analysis& analysis);

}  // namespace groove::sound
