// Analyses one song as it is decoded, in one pass over its samples and in bounded memory: what is
// kept grows with the song by its frames' features (some hundred bytes a frame), never by samples.
#pragma once

#include <memory>
#include <span>

#include "fetcher/core/sound/analysis.h"

namespace groove::sound {

class Analyzer {
 public:
  Analyzer();
  ~Analyzer();

  // The next samples, both channels of the same length, -1..1, at kSampleRate (mono: twice the
  // same). Any chunking gives the same result.
  void feed(std::span<const float> left, std::span<const float> right);
  // The end of the song. Call once.
  Analysis finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace groove::sound
