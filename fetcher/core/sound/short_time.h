// The short-time Fourier transform of a mono stream: Hann frames at a fixed hop, four at a time.
//
// Frame i is centred on sample i * hop; before the first sample and after the last one is silence.
// A stream of n samples has n / hop + 1 frames (none when n is 0). Powers are scaled so that a sine
// of amplitude a has a^2 in its bin: full scale is 1.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/lane_fft.h"
#include "fetcher/core/sound/lanes.h"

namespace groove::sound {

class ShortTime {
 public:
  ShortTime(std::size_t size, std::size_t hop);

  std::size_t bins() const { return fft_.bins(); }
  double bin_hz() const;

  // Calls take(power, count) for each batch of frames that is complete: power[bin] holds the lanes,
  // of which the first `count` are frames. Any chunking gives the same batches.
  template <class Take>
  void feed(std::span<const float> samples, Take take) {
    while (!samples.empty()) {
      samples = samples.subspan(gather(samples));
      if (held_ < waiting_.size()) continue;
      take(power(), static_cast<std::size_t>(kLanes));
      next_batch();
    }
  }

  // The frames still open at the stream's end, with silence after it.
  template <class Take>
  void finish(Take take) {
    for (std::size_t left = frames_left(); left > 0;) {
      const std::size_t count = left < kLanes ? left : static_cast<std::size_t>(kLanes);
      pad();
      take(power(), count);
      next_batch();
      left -= count;
    }
  }

 private:
  std::size_t gather(std::span<const float> samples);  // how many it took
  void pad();
  std::span<const Lanes> power();
  void next_batch();
  std::size_t frames_left() const;

  std::size_t hop_;
  LaneFft fft_;
  std::vector<float> window_;   // scaled: see above
  std::vector<float> waiting_;  // the samples of one batch
  std::size_t held_;            // of them are there
  std::size_t samples_ = 0, frames_ = 0;
  std::vector<Lanes> frame_, power_;
  std::vector<ComplexLanes> spectrum_;
};

}  // namespace groove::sound
