#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/segments.h"

namespace groove::sound {
namespace {

constexpr std::size_t kNear = 2;     // frames on each side that a peak is the highest of
constexpr std::size_t kAround = 16;  // frames on each side whose mean a peak must exceed
constexpr float kPeakShare = 1.05F, kPeakLeast = 0.15F;  // times the mean; dB
constexpr double kUsualRise = 1.3;                       // dB above the mean: a confidence of 0.63
constexpr double kBefore = 0.04, kAfter = 0.015;  // seconds around a peak where its onset may be

// The bands' onset strength in one, a little smoothed.
std::vector<float> strength(const Frames& frames) {
  const std::size_t count = frames.count();
  std::vector<float> sum(count), smooth(count);
  for (const std::vector<float>& band : frames.onset)
    for (std::size_t i = 0; i < count; ++i) sum[i] += band[i] / kOnsetBands;
  for (std::size_t i = 0; i < count; ++i) {
    const float before = i == 0 ? sum[i] : sum[i - 1];
    const float after = i + 1 == count ? sum[i] : sum[i + 1];
    smooth[i] = 0.25F * (before + after) + 0.5F * sum[i];
  }
  return smooth;
}

struct Peak {
  std::size_t frame;
  float rise;  // above what is usual around it
};

std::vector<Peak> peaks_of(const std::vector<float>& curve) {
  std::vector<double> sums(curve.size() + 1);
  for (std::size_t i = 0; i < curve.size(); ++i) sums[i + 1] = sums[i] + curve[i];
  std::vector<Peak> peaks;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const std::size_t near_first = i < kNear ? 0 : i - kNear;
    const std::size_t near_last = std::min(curve.size() - 1, i + kNear);
    const auto highest =
        std::max_element(curve.begin() + near_first, curve.begin() + near_last + 1);
    if (highest != curve.begin() + i) continue;
    const std::size_t first = i < kAround ? 0 : i - kAround;
    const std::size_t last = std::min(curve.size(), i + kAround + 1);
    const auto mean =
        static_cast<float>((sums[last] - sums[first]) / static_cast<double>(last - first));
    if (curve[i] > kPeakShare * mean + kPeakLeast) peaks.push_back({i, curve[i] - mean});
  }
  return peaks;
}

// Between two stretches (5.8 ms) near `seconds`, where the sound is softest before it grows.
double softest_near(const Frames& frames, double seconds) {
  const auto clamped = [&](double at) {
    return static_cast<std::size_t>(std::clamp(
        at * kEnergyRate, 1.0, std::max(1.0, static_cast<double>(frames.energy.size()) - 1)));
  };
  std::size_t best = clamped(seconds - kBefore);
  float least = 0;
  for (std::size_t i = best; i <= clamped(seconds + kAfter); ++i) {
    const float here = frames.energy[i - 1] + (i < frames.energy.size() ? frames.energy[i] : 0);
    if (i == best || here <= least) least = here, best = i;
  }
  return static_cast<double>(best) / kEnergyRate;
}

}  // namespace

std::vector<Onset> find_onsets(const Frames& frames) {
  std::vector<Onset> onsets;
  for (const Peak& peak : peaks_of(strength(frames))) {
    const double nominal = Frames::onset_seconds(static_cast<double>(peak.frame));
    const Onset onset{softest_near(frames, nominal), 1 - std::exp(-peak.rise / kUsualRise)};
    if (onset.seconds < kSegmentMin || onset.seconds > frames.duration - kSegmentMin) continue;
    if (onsets.empty() || onset.seconds - onsets.back().seconds >= kSegmentMin)
      onsets.push_back(onset);
    else if (onset.confidence > onsets.back().confidence &&
             (onsets.size() < 2 ||
              onset.seconds - onsets[onsets.size() - 2].seconds >= kSegmentMin))
      onsets.back() = onset;
  }
  return onsets;
}

}  // namespace groove::sound
