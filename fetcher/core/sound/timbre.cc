#include "fetcher/core/sound/timbre.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

struct Pattern {
  int bands, time;      // half waves over the bands, over the time
  float scale, offset;  // measured over free music: see SOUND.md
};
constexpr std::array<Pattern, kTimbres> kPatterns{{{0, 0, 1.09F, -26.4F},
                                                   {1, 0, -21.6F, 116.9F},
                                                   {2, 0, -28.8F, 26.6F},
                                                   {0, 1, 32.4F, -44.2F},
                                                   {3, 0, 31.3F, -40.9F},
                                                   {1, 1, 62.3F, 11.4F},
                                                   {4, 0, 31.0F, -13.4F},
                                                   {5, 0, 32.9F, -14.9F},
                                                   {2, 1, 60.8F, 0.6F},
                                                   {6, 0, 27.3F, 2.3F},
                                                   {7, 0, 29.4F, -5.8F},
                                                   {0, 2, 21.6F, 4.8F}}};
constexpr int kBandWaves = 8, kTimeWaves = 3;
constexpr std::uint8_t kSoftest = 40;  // -80 dB: softer bands are silent

using BandWaves = std::array<std::array<float, kBands>, kBandWaves>;

const BandWaves& band_waves() {
  static const BandWaves waves = [] {
    BandWaves made{};
    for (int wave = 0; wave < kBandWaves; ++wave)
      for (std::size_t band = 0; band < kBands; ++band)
        made[wave][band] = static_cast<float>(
            std::cos(std::numbers::pi * wave * (static_cast<double>(band) + 0.5) / kBands) /
            kBands);
    return made;
  }();
  return waves;
}

// The power that a band's byte stands for.
const std::array<float, 256>& level_powers() {
  static const std::array<float, 256> powers = [] {
    std::array<float, 256> made{};
    for (std::size_t level = kSoftest + 1; level < made.size(); ++level)
      made[level] =
          static_cast<float>(std::pow(10, Frames::band_db(static_cast<std::uint8_t>(level)) / 10));
    return made;
  }();
  return powers;
}

// dB above the softest that the bands of a frame have together.
float loudness_of(std::span<const std::uint8_t> levels) {
  float power = 1e-8F;
  for (const std::uint8_t level : levels) power += level_powers()[level];
  return 80 + 10 * std::log10(power);
}

}  // namespace

std::array<float, kTimbres> timbre_of(const Frames& frames, std::size_t first, std::size_t last) {
  GROOVE_CHECK(first < last && last <= frames.count());
  std::array<std::array<float, kTimeWaves>, kBandWaves> sums{};
  float loudness = 0;
  const auto count = static_cast<double>(last - first);
  for (std::size_t frame = first; frame < last; ++frame) {
    const auto levels = frames.bands_of(frame);
    loudness += loudness_of(levels);
    // The time's half waves at the frame's middle: cos(angle), cos(2 angle).
    const auto turn = static_cast<float>(
        std::cos(std::numbers::pi * (static_cast<double>(frame - first) + 0.5) / count));
    const std::array<float, kTimeWaves> time{1, turn, 2 * turn * turn - 1};
    for (int wave = 0; wave < kBandWaves; ++wave) {
      float sum = 0;
      for (std::size_t band = 0; band < kBands; ++band)
        sum += band_waves()[wave][band] *
               static_cast<float>(std::max(levels[band], kSoftest) - kSoftest);
      for (int half = 0; half < kTimeWaves; ++half) sums[wave][half] += time[half] * sum;
    }
  }
  std::array<float, kTimbres> timbre{};
  for (int i = 0; i < kTimbres; ++i) {
    const Pattern& pattern = kPatterns[i];
    const float raw = i == 0 ? loudness : 0.5F * sums[pattern.bands][pattern.time];
    timbre[i] = pattern.scale * raw / static_cast<float>(count) + pattern.offset;
  }
  timbre[0] = std::max(0.0F, timbre[0]);
  return timbre;
}

}  // namespace groove::sound
