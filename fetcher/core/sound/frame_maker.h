// Makes the Frames of a song as its samples stream by.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/band_levels.h"
#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/pitch_classes.h"
#include "fetcher/core/sound/short_time.h"

namespace groove::sound {

class FrameMaker {
 public:
  // The next samples of both channels, of the same length. Any chunking gives the same frames.
  void feed(std::span<const float> left, std::span<const float> right);
  // The end of the song. Call once.
  Frames finish();

 private:
  void feed_piece(std::span<const float> left, std::span<const float> right);

  Frames frames_;
  std::size_t samples_ = 0;
  std::vector<float> left_, right_, mono_;  // a piece
  ShortTime short_{kFrameSize, kFrameHop}, long_{kPitchSize, kPitchHop};
  BandLevels levels_;
  PitchClasses pitches_;
  KWeighting loudness_;
};

}  // namespace groove::sound
