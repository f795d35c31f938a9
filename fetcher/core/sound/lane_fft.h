// The discrete Fourier transform of four real frames at once, one a lane (see lanes.h). A radix-4
// Stockham transform (Stockham 1966; sorts itself, no bit reversal) of half the size, and the usual
// step from there to the spectrum of a real signal. Same bits on every machine: no fused
// multiply-add, no choice by processor.
//
// Not thread-safe: it owns its work space.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/lanes.h"

namespace groove::sound {

struct ComplexLanes {
  Lanes re, im;
};

class LaneFft {
 public:
  // `size`: real points of a frame, a power of two, 8 or more.
  explicit LaneFft(std::size_t size);

  std::size_t size() const { return 2 * half_; }
  std::size_t bins() const { return half_ + 1; }

  // X[k] = sum_n x[n] e^(-2 pi i k n / size), k = 0 .. size/2. Time O(size log size).
  // Requires: frames.size() == size(), spectrum.size() == bins().
  void transform(std::span<const Lanes> frames, std::span<ComplexLanes> spectrum);

 private:
  struct Twiddle {
    float re, im;
  };
  const ComplexLanes* half_transform();

  std::size_t half_;
  std::vector<Twiddle> turns_;  // e^(-2 pi i k / size), k < size
  std::vector<ComplexLanes> work_, spare_;
};

}  // namespace groove::sound
