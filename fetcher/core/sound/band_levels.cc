#include "fetcher/core/sound/band_levels.h"

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr double kLowestHz = 30, kHighestHz = 10'500;
constexpr double kBinHz = double{kSampleRate} / kFrameSize;
constexpr float kLevelFloor = 1e-10F;  // -100 dB, the byte 0
constexpr float kOnsetFloor = 1e-8F;   // -80 dB: what is softer does not set in
constexpr std::array<double, kOnsetBands - 1> kOnsetEdgesHz{200, 400, 800, 1600, 3200};

std::vector<double> mel_edges() {
  const auto mel = [](double hz) { return 1127 * std::log1p(hz / 700); };
  std::vector<double> edges;
  for (std::size_t i = 0; i < kBands + 2; ++i) {
    const double at =
        mel(kLowestHz) + (mel(kHighestHz) - mel(kLowestHz)) * static_cast<double>(i) / (kBands + 1);
    edges.push_back(700 * std::expm1(at / 1127) / kBinHz);
  }
  return edges;
}

// Quarter tones, but for the low ones, which are a bin apart: closer the spectrum cannot tell.
std::vector<double> quarter_tone_edges() {
  std::vector<double> edges{kLowestHz / kBinHz};
  while (edges.back() * kBinHz < kHighestHz)
    edges.push_back(std::max(edges.back() + 1, edges.back() * std::exp2(1.0 / 24)));
  return edges;
}

}  // namespace

FilterBank::FilterBank(std::span<const double> edges) {
  for (std::size_t i = 1; i + 1 < edges.size(); ++i) {
    const double low = edges[i - 1], middle = edges[i], high = edges[i + 1];
    Filter filter{static_cast<std::size_t>(std::floor(low)) + 1, 0, weights_.size()};
    for (auto bin = static_cast<double>(filter.first_bin); bin < high; ++bin, ++filter.bins)
      weights_.push_back(static_cast<float>(bin < middle ? (bin - low) / (middle - low)
                                                         : (high - bin) / (high - middle)));
    filters_.push_back(filter);
  }
}

void FilterBank::apply(std::span<const Lanes> power, std::span<Lanes> out) const {
  GROOVE_CHECK(out.size() == filters_.size());
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    const Filter& filter = filters_[i];
    Lanes sum = spread(0);
    for (std::size_t bin = 0; bin < filter.bins; ++bin)
      sum += weights_[filter.first_weight + bin] * power[filter.first_bin + bin];
    out[i] = sum;
  }
}

BandLevels::BandLevels()
    : mel_(mel_edges()),
      quarter_tones_(quarter_tone_edges()),
      levels_(mel_.size()),
      now_(quarter_tones_.size()),
      before_(quarter_tones_.size()),
      last_(quarter_tones_.size(), 10 * std::log10(kOnsetFloor)) {
  const std::vector<double> edges = quarter_tone_edges();
  for (std::size_t tone = 0; tone < quarter_tones_.size(); ++tone) {
    const double hz = edges[tone + 1] * kBinHz;
    const auto above = std::upper_bound(kOnsetEdgesHz.begin(), kOnsetEdgesHz.end(), hz);
    group_.push_back(static_cast<std::size_t>(above - kOnsetEdgesHz.begin()));
    group_share_[group_.back()] += 1;
  }
  for (float& share : group_share_) share = 1 / share;
}

void BandLevels::take(std::span<const Lanes> power, std::size_t count, Frames& frames) {
  add_levels(power, count, frames);
  add_onsets(power, count, frames);
}

void BandLevels::add_levels(std::span<const Lanes> power, std::size_t count, Frames& frames) {
  mel_.apply(power, levels_);
  const std::size_t first = frames.bands.size();
  frames.bands.resize(first + count * kBands);
  for (std::size_t band = 0; band < kBands; ++band) {
    // Rounded to the nearest half decibel above -100.
    const Lanes level = 2.0F * decibels(levels_[band] + kLevelFloor) + 200.5F;
    for (std::size_t lane = 0; lane < count; ++lane)
      frames.bands[first + lane * kBands + band] =
          static_cast<std::uint8_t>(std::clamp(level[lane], 0.0F, 255.0F));
  }
}

void BandLevels::add_onsets(std::span<const Lanes> power, std::size_t count, Frames& frames) {
  quarter_tones_.apply(power, now_);
  const std::size_t tones = now_.size();
  for (std::size_t tone = 0; tone < tones; ++tone) {
    const Lanes now = decibels(now_[tone] + kOnsetFloor);
    now_[tone] = now;
    before_[tone] = Lanes{last_[tone], now[0], now[1], now[2]};
    last_[tone] = now[3];
  }
  std::array<Lanes, kOnsetBands> rise{};
  for (std::size_t tone = 0; tone < tones; ++tone) {
    // Against the loudest of a tone and its neighbours: a vibrato is no onset.
    const Lanes below = before_[tone == 0 ? 0 : tone - 1];
    const Lanes above = before_[tone + 1 == tones ? tone : tone + 1];
    const Lanes reference = larger(before_[tone], larger(below, above));
    rise[group_[tone]] += larger(now_[tone] - reference, spread(0));
  }
  for (std::size_t band = 0; band < kOnsetBands; ++band)
    for (std::size_t lane = 0; lane < count; ++lane)
      frames.onset[band].push_back(rise[band][lane] * group_share_[band]);
}

}  // namespace groove::sound
