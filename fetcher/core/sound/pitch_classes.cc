#include "fetcher/core/sound/pitch_classes.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace groove::sound {
namespace {

constexpr double kBinHz = double{kSampleRate} / kPitchSize;
constexpr std::size_t bin_of(double hz) { return static_cast<std::size_t>(hz / kBinHz + 0.5); }

constexpr std::size_t kFirstBin = bin_of(35), kLastBin = bin_of(2500);
constexpr std::size_t kChromaFirst = bin_of(100), kBassLast = bin_of(250);
constexpr float kPeakFloor = 1e-9F;       // power: -90 dB
constexpr float kPeakShare = 1e-5F;       // of the frame's strongest: 50 dB below it
constexpr float kNothing = 1e-12F;        // power added everywhere, so that silence has a logarithm
constexpr float kDecibels = 3.01029996F;  // in one binary order of power

}  // namespace

PitchClasses::PitchClasses() : level_(kLastBin + 2), bin_pitch_(kLastBin + 2) {
  const double middle_c = 440 * std::exp2(-9.0 / 12);
  for (std::size_t bin = 1; bin < bin_pitch_.size(); ++bin)
    bin_pitch_[bin] =
        static_cast<float>(12 * std::log2(static_cast<double>(bin) * kBinHz / middle_c) + 120);
}

void PitchClasses::take(std::span<const Lanes> power, std::size_t count, Frames& frames) {
  for (std::size_t bin = kFirstBin - 1; bin < level_.size(); ++bin)
    level_[bin] = log2_of(power[bin] + kNothing);
  for (std::size_t lane = 0; lane < count; ++lane) add_frame(power, lane, frames);
}

void PitchClasses::add_frame(std::span<const Lanes> power, std::size_t lane, Frames& frames) {
  std::array<float, kFineChroma> chroma{};
  std::array<float, kPitches> bass{};
  float strongest = 0, sum = 0, level = 0;
  for (std::size_t bin = kFirstBin; bin <= kLastBin; ++bin) {
    strongest = std::max(strongest, power[bin][lane]);
    sum += power[bin][lane] + kNothing;
    level += level_[bin][lane];
  }
  const float least = std::max(kPeakFloor, kPeakShare * strongest);
  for (std::size_t bin = kFirstBin; bin <= kLastBin; ++bin) {
    const float here = power[bin][lane];
    if (here < least || here <= power[bin - 1][lane] || here < power[bin + 1][lane]) continue;
    add_peak(bin, lane, here, chroma.data(), bass.data());
  }
  for (const float amplitude : chroma) frames.fine_chroma.emplace_back(amplitude);
  for (const float amplitude : bass) frames.bass.emplace_back(amplitude);
  constexpr auto kBins = static_cast<float>(kLastBin - kFirstBin + 1);
  frames.tonal.push_back(decibels(spread(sum / kBins))[0] - kDecibels * level / kBins);
}

void PitchClasses::add_peak(std::size_t bin, std::size_t lane, float power, float* chroma,
                            float* bass) {
  // The parabola through the peak's and its neighbours' levels.
  const float below = level_[bin - 1][lane], here = level_[bin][lane],
              above = level_[bin + 1][lane];
  const float bend = 2 * here - below - above;
  const float offset = bend > 0 ? 0.5F * (above - below) / bend : 0;
  const std::size_t next = offset < 0 ? bin - 1 : bin + 1;
  const float pitch = bin_pitch_[bin] + std::abs(offset) * (bin_pitch_[next] - bin_pitch_[bin]);
  const float amplitude = std::sqrt(power);
  const auto add = [&](float* circle, int classes, float at) {
    const auto low = static_cast<int>(at);  // `at` is positive
    const float share = at - static_cast<float>(low);
    circle[low % classes] += (1 - share) * amplitude;
    circle[(low + 1) % classes] += share * amplitude;
  };
  if (bin <= kBassLast) add(bass, kPitches, pitch);
  if (bin < kChromaFirst) return;
  add(chroma, kFineChroma, 3 * pitch);
  const float within = pitch - static_cast<float>(static_cast<int>(pitch));
  deviation_[std::min<std::size_t>(99, static_cast<std::size_t>(100 * within))] += amplitude;
}

double PitchClasses::tuning() const {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < deviation_.size(); ++i)
    sum += deviation_[i] *
           std::polar(1.0, 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / 100);
  return std::abs(sum) > 0 ? std::arg(sum) / (2 * std::numbers::pi) : 0;
}

}  // namespace groove::sound
