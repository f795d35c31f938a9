// How a song begins and ends.
#pragma once

#include "fetcher/core/sound/frames.h"

namespace groove::sound {

struct Fades {
  double end_of_fade_in = 0;     // seconds: when the sound first comes within 10 LU of the song's
  double start_of_fade_out = 0;  // seconds: when the sound of a second was last within 5 LU of it
};

// `loudness`: the song's integrated loudness. A silent song has its fades at its start and end.
Fades find_fades(const Frames& frames, double loudness);

}  // namespace groove::sound
