#include "fetcher/core/sound/lane_fft.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

ComplexLanes operator+(ComplexLanes a, ComplexLanes b) { return {a.re + b.re, a.im + b.im}; }
ComplexLanes operator-(ComplexLanes a, ComplexLanes b) { return {a.re - b.re, a.im - b.im}; }

ComplexLanes turned(ComplexLanes a, float re, float im) {
  return {a.re * re - a.im * im, a.re * im + a.im * re};
}

// a times i.
ComplexLanes quarter_turned(ComplexLanes a) { return {-a.im, a.re}; }

}  // namespace

LaneFft::LaneFft(std::size_t size)
    : half_(size / 2), turns_(size), work_(size / 2), spare_(size / 2) {
  GROOVE_CHECK(std::has_single_bit(size) && size >= 8);
  for (std::size_t k = 0; k < size; ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    turns_[k] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
}

const ComplexLanes* LaneFft::half_transform() {
  ComplexLanes* x = work_.data();
  ComplexLanes* y = spare_.data();
  std::size_t length = half_, stride = 1;
  for (; length >= 4; length /= 4, stride *= 4) {
    const std::size_t quarter = length / 4;
    const std::size_t step = 2 * stride;  // turns_ has 2 * half_ entries
    for (std::size_t p = 0; p < quarter; ++p) {
      const Twiddle w1 = turns_[p * step], w2 = turns_[2 * p * step], w3 = turns_[3 * p * step];
      const ComplexLanes* from = x + stride * p;
      ComplexLanes* to = y + stride * 4 * p;
      for (std::size_t q = 0; q < stride; ++q) {
        const ComplexLanes a = from[q], b = from[q + stride * quarter],
                           c = from[q + stride * 2 * quarter], d = from[q + stride * 3 * quarter];
        const ComplexLanes sum = a + c, difference = a - c, other = b + d,
                           turn = quarter_turned(b - d);
        to[q] = sum + other;
        to[q + stride] = turned(difference - turn, w1.re, w1.im);
        to[q + 2 * stride] = turned(sum - other, w2.re, w2.im);
        to[q + 3 * stride] = turned(difference + turn, w3.re, w3.im);
      }
    }
    std::swap(x, y);
  }
  if (length == 2) {
    for (std::size_t q = 0; q < stride; ++q) {
      y[q] = x[q] + x[q + stride];
      y[q + stride] = x[q] - x[q + stride];
    }
    std::swap(x, y);
  }
  return x;
}

void LaneFft::transform(std::span<const Lanes> frames, std::span<ComplexLanes> spectrum) {
  GROOVE_CHECK(frames.size() == size() && spectrum.size() == bins());
  for (std::size_t n = 0; n < half_; ++n) work_[n] = {frames[2 * n], frames[2 * n + 1]};
  const ComplexLanes* z = half_transform();
  // The even samples' spectrum E and the odd ones' O lie in Z = E + iO; X[k] = E[k] + turn^k O[k].
  spectrum[0] = {z[0].re + z[0].im, spread(0)};
  spectrum[half_] = {z[0].re - z[0].im, spread(0)};
  for (std::size_t k = 1; k < half_; ++k) {
    const ComplexLanes a = z[k], b = {z[half_ - k].re, -z[half_ - k].im};
    const ComplexLanes even = {0.5F * (a.re + b.re), 0.5F * (a.im + b.im)};
    const ComplexLanes odd = {0.5F * (a.im - b.im), -0.5F * (a.re - b.re)};
    spectrum[k] = even + turned(odd, turns_[k].re, turns_[k].im);
  }
}

}  // namespace groove::sound
