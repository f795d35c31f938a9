#include "fetcher/core/sound/rhythm_accents.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace groove::sound {
namespace {

using Curve = std::vector<float>;

constexpr std::size_t kMeanFrames = 21;  // on both sides, half a second
constexpr float kLoudestAccent = 4;      // times the band's root mean square
constexpr std::size_t kAround = 2;       // steps on both sides
constexpr double kLeastAccent = 0.02;    // dB; a band that never does more is silent

double root_mean_square(const Curve& curve) {
  double sum = 0;
  for (const float value : curve) sum += double{value} * value;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, curve.size())));
}

// Adds a band, scaled by its root mean square: a soft hi-hat may carry the beat as a drum does.
void add_band(const Curve& band, Curve& sum) {
  const double level = root_mean_square(band);
  if (level < kLeastAccent) return;
  const auto scale = static_cast<float>(1 / level);
  for (std::size_t i = 0; i < band.size(); ++i) sum[i] += std::min(band[i] * scale, kLoudestAccent);
}

Curve above_local_mean(const Curve& curve) {
  std::vector<double> sums(curve.size() + 1);
  for (std::size_t i = 0; i < curve.size(); ++i) sums[i + 1] = sums[i] + curve[i];
  Curve above(curve.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const std::size_t first = i < kMeanFrames ? 0 : i - kMeanFrames;
    const std::size_t last = std::min(curve.size(), i + kMeanFrames + 1);
    const double mean = (sums[last] - sums[first]) / static_cast<double>(last - first);
    above[i] = std::max(0.0F, curve[i] - static_cast<float>(mean));
  }
  return above;
}

// Smoothed over three frames, with a value between every two, root mean square 1.
Curve smooth_and_double(const Curve& curve) {
  const std::size_t count = curve.size();
  Curve smooth(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float before = i > 0 ? curve[i - 1] : 0, after = i + 1 < count ? curve[i + 1] : 0;
    smooth[i] = 0.25F * before + 0.5F * curve[i] + 0.25F * after;
  }
  const double level = root_mean_square(smooth);
  const auto scale = static_cast<float>(level > 0 ? 1 / level : 0);
  Curve doubled;
  doubled.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    const float next = smooth[std::min(i + 1, count - 1)];
    doubled.push_back(scale * smooth[i]);
    doubled.push_back(scale * 0.5F * (smooth[i] + next));
  }
  return doubled;
}

Curve largest_around(const Curve& curve) {
  Curve largest(curve.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const std::size_t last = std::min(curve.size(), i + kAround + 1);
    for (std::size_t j = i < kAround ? 0 : i - kAround; j < last; ++j)
      largest[i] = std::max(largest[i], curve[j]);
  }
  return largest;
}

}  // namespace

Accents::Accents(const Frames& frames) {
  std::array<Curve, kVoices> sums;
  sums.fill(Curve(frames.count()));
  for (std::size_t band = 0; band < kOnsetBands; ++band)
    add_band(frames.onset[band], sums[kLowVoice + band / 2]);
  for (std::size_t voice = kLowVoice; voice < kVoices; ++voice)
    for (std::size_t i = 0; i < sums[voice].size(); ++i) sums[kAllVoices][i] += sums[voice][i];
  for (std::size_t voice = 0; voice < kVoices; ++voice)
    of[voice] = smooth_and_double(above_local_mean(sums[voice]));
  for (std::size_t voice = 0; voice < kVoices; ++voice) {
    near_[voice] = largest_around(of[voice]);
    const double sum = std::accumulate(near_[voice].begin(), near_[voice].end(), 0.0);
    mean_near_[voice] =
        static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(1, steps())));
  }
}

float Accents::near(Voice voice, double seconds) const {
  const double step = seconds * kStepRate + 0.5;
  if (step < 0 || step >= static_cast<double>(steps())) return 0;
  return near_[voice][static_cast<std::size_t>(step)];
}

}  // namespace groove::sound
