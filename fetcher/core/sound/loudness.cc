#include "fetcher/core/sound/loudness.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr std::size_t kTenth = kSampleRate / 10;
constexpr double kAbsoluteGate = -70, kRelativeGate = -10;  // LUFS, LU

double to_lufs(double mean_square) { return -0.691 + 10 * std::log10(mean_square); }
double to_power(double lufs) { return std::pow(10, (lufs + 0.691) / 10); }

struct Mean {
  double sum = 0;
  std::size_t count = 0;
};

Mean mean_above(const std::vector<double>& blocks, double gate) {
  Mean mean;
  for (const double block : blocks)
    if (block > gate) mean.sum += block, ++mean.count;
  return mean;
}

}  // namespace

double loudness_db(double mean_square) {
  return mean_square <= 0 ? kSilenceDb : std::max(kSilenceDb, to_lufs(mean_square));
}

double integrated_loudness(std::span<const float> tenth_energy) {
  constexpr std::size_t kBlock = 4;
  if (tenth_energy.empty()) return kSilenceDb;
  const std::size_t length = std::min(kBlock, tenth_energy.size());
  std::vector<double> blocks;
  for (std::size_t first = 0; first + length <= tenth_energy.size(); ++first) {
    double sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += tenth_energy[first + i];
    blocks.push_back(sum / static_cast<double>(length));
  }
  const Mean loud = mean_above(blocks, to_power(kAbsoluteGate));
  if (loud.count == 0) return kSilenceDb;
  const double relative =
      loud.sum / static_cast<double>(loud.count) * std::pow(10, kRelativeGate / 10);
  const Mean gated = mean_above(blocks, std::max(relative, to_power(kAbsoluteGate)));
  return loudness_db(gated.sum / static_cast<double>(gated.count));
}

inline Lanes KWeighting::Biquad::step(Lanes x) {
  const Lanes y = b0 * x + s1;
  s1 = b1 * x - a1 * y + s2;
  s2 = b2 * x - a2 * y;
  return y;
}

// The standard gives the coefficients at 48 kHz; the analogue filters behind them, found by
// inverting the bilinear transform, give them at any rate.
KWeighting::KWeighting() {
  {
    const double k = std::tan(std::numbers::pi * 1681.974450955533 / kSampleRate);
    const double q = 0.7071752369554196, high = std::pow(10, 3.999843853973347 / 20),
                 band = std::pow(high, 0.4996667741545416), a0 = 1 + k / q + k * k;
    shelf_ = {static_cast<float>((high + band * k / q + k * k) / a0),
              static_cast<float>(2 * (k * k - high) / a0),
              static_cast<float>((high - band * k / q + k * k) / a0),
              static_cast<float>(2 * (k * k - 1) / a0),
              static_cast<float>((1 - k / q + k * k) / a0)};
  }
  const double k = std::tan(std::numbers::pi * 38.13547087602444 / kSampleRate);
  const double q = 0.5003270373238773, a0 = 1 + k / q + k * k;
  high_pass_ = {1, -2, 1, static_cast<float>(2 * (k * k - 1) / a0),
                static_cast<float>((1 - k / q + k * k) / a0)};
}

void KWeighting::feed(std::span<const float> left, std::span<const float> right, Frames& frames) {
  GROOVE_CHECK(left.size() == right.size());
  for (std::size_t done = 0; done < left.size();) {
    const std::size_t count =
        std::min({left.size() - done, kEnergyHop - in_stretch_, kTenth - in_tenth_});
    Lanes stretch = stretch_, tenth = tenth_;  // sample by sample, so that chunks do not matter
    for (std::size_t i = done; i < done + count; ++i) {
      const float l = left[i], r = right[i];
      const Lanes y = high_pass_.step(shelf_.step(Lanes{l, r, l - r, l + r}));
      stretch += y * y;
      tenth += y * y;
    }
    done += count;
    stretch_ = stretch;
    tenth_ = tenth;
    if ((in_stretch_ += count) == kEnergyHop) close_stretch(frames);
    if ((in_tenth_ += count) == kTenth) close_tenth(frames);
  }
}

void KWeighting::close_stretch(Frames& frames) {
  frames.energy.push_back((stretch_[0] + stretch_[1]) / static_cast<float>(in_stretch_));
  stretch_ = spread(0);
  in_stretch_ = 0;
}

void KWeighting::close_tenth(Frames& frames) {
  frames.tenth_energy.push_back((tenth_[0] + tenth_[1]) / static_cast<float>(in_tenth_));
  side_ += tenth_[2];
  middle_ += tenth_[3];
  tenth_ = spread(0);
  in_tenth_ = 0;
}

void KWeighting::finish(Frames& frames) {
  if (in_stretch_ > 0) close_stretch(frames);
  // A last tenth that is not whole has no block of its own, except in the shortest of songs.
  if (in_tenth_ > 0 && frames.tenth_energy.size() < 4) close_tenth(frames);
  frames.side_share = side_ > 0 ? side_ / (side_ + middle_) : 0;
}

}  // namespace groove::sound
