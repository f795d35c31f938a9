#include "fetcher/core/sound/short_time.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fetcher/core/sound/analysis.h"

namespace groove::sound {
namespace {

std::vector<float> scaled_hann(std::size_t size) {
  std::vector<float> window(size);
  // Its sum is size / 2, and a sine's energy is shared with its mirror image: a^2 asks for 4 /
  // size.
  const double scale = 4.0 / static_cast<double>(size);
  for (std::size_t n = 0; n < size; ++n)
    window[n] = static_cast<float>(
        scale * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(n) /
                                      static_cast<double>(size))));
  return window;
}

}  // namespace

ShortTime::ShortTime(std::size_t size, std::size_t hop)
    : hop_(hop),
      fft_(size),
      window_(scaled_hann(size)),
      waiting_(size + (kLanes - 1) * hop),
      held_(size / 2),  // silence, so that the first frame is centred on the first sample
      frame_(size),
      power_(fft_.bins()),
      spectrum_(fft_.bins()) {}

double ShortTime::bin_hz() const { return kSampleRate / static_cast<double>(fft_.size()); }

std::size_t ShortTime::gather(std::span<const float> samples) {
  const std::size_t count = std::min(samples.size(), waiting_.size() - held_);
  std::copy_n(samples.begin(), count, waiting_.begin() + static_cast<std::ptrdiff_t>(held_));
  held_ += count;
  samples_ += count;
  return count;
}

void ShortTime::pad() {
  std::fill(waiting_.begin() + static_cast<std::ptrdiff_t>(held_), waiting_.end(), 0.0F);
  held_ = waiting_.size();
}

std::span<const Lanes> ShortTime::power() {
  const float* x = waiting_.data();
  for (std::size_t n = 0; n < frame_.size(); ++n)
    frame_[n] = window_[n] * Lanes{x[n], x[n + hop_], x[n + 2 * hop_], x[n + 3 * hop_]};
  fft_.transform(frame_, spectrum_);
  for (std::size_t k = 0; k < power_.size(); ++k)
    power_[k] = spectrum_[k].re * spectrum_[k].re + spectrum_[k].im * spectrum_[k].im;
  return power_;
}

void ShortTime::next_batch() {
  const std::size_t passed = kLanes * hop_;
  std::copy(waiting_.begin() + static_cast<std::ptrdiff_t>(passed), waiting_.end(),
            waiting_.begin());
  held_ -= passed;
  frames_ += kLanes;
}

std::size_t ShortTime::frames_left() const {
  const std::size_t all = samples_ == 0 ? 0 : samples_ / hop_ + 1;
  return all > frames_ ? all - frames_ : 0;
}

}  // namespace groove::sound
