// Loudness after ITU-R BS.1770-4: the K-weighting filter as samples stream by, and the gated mean
// of what came out.
//
// At 22,050 Hz nothing above 11 kHz is heard, so a song with much treble measures a little lower
// than it does at 44,100 Hz.
#pragma once

#include <cstddef>
#include <span>

#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/lanes.h"

namespace groove::sound {

// LUFS of a K-weighted mean square summed over the channels; kSilenceDb or more.
double loudness_db(double mean_square);

// The integrated loudness of a song from the energies of its tenths of a second: blocks of 400 ms,
// 100 ms apart; of those above -70 LUFS the mean, less 10, is the second gate. A song shorter than
// a block is one block.
double integrated_loudness(std::span<const float> tenth_energy);

// Appends to `frames.energy` and `frames.tenth_energy` as samples come.
class KWeighting {
 public:
  KWeighting();
  void feed(std::span<const float> left, std::span<const float> right, Frames& frames);
  // The last, unfinished stretches, and side_share.
  void finish(Frames& frames);

 private:
  struct Biquad {
    float b0, b1, b2, a1, a2;
    Lanes s1{}, s2{};
    Lanes step(Lanes x);
  };
  void close_stretch(Frames& frames);
  void close_tenth(Frames& frames);

  Biquad shelf_, high_pass_;
  Lanes stretch_{}, tenth_{};  // sums of squares: left, right, left minus right, left plus right
  std::size_t in_stretch_ = 0, in_tenth_ = 0;
  double side_ = 0, middle_ = 0;
};

}  // namespace groove::sound
