#include "fetcher/core/sound/harmony.h"

#include <algorithm>
#include <cmath>

namespace groove::sound {
namespace {

constexpr std::size_t kFluxFrames = 8;  // pitch frames before and after

double cosine_distance(const double* a, const double* b, int count) {
  double both = 0, of_a = 1e-12, of_b = 1e-12;
  for (int i = 0; i < count; ++i) {
    both += a[i] * b[i];
    of_a += a[i] * a[i];
    of_b += b[i] * b[i];
  }
  return 1 - both / std::sqrt(of_a * of_b);
}

}  // namespace

Harmony::Harmony(const Frames& frames) : sums_(frames.pitch_count() + 1) {
  const std::size_t count = frames.pitch_count();
  for (std::size_t i = 0; i < count; ++i) {
    const auto chroma = frames.chroma(i), bass = frames.bass_of(i);
    for (int p = 0; p < kPitches; ++p) {
      sums_[i + 1][p] = sums_[i][p] + std::sqrt(chroma[p]);
      sums_[i + 1][kPitches + p] = sums_[i][kPitches + p] + std::sqrt(bass[p]);
    }
  }
  flux_.resize(count);
  double power = 0;
  for (std::size_t i = kFluxFrames; i + kFluxFrames < count; ++i) {
    Mix before, after;
    for (std::size_t p = 0; p < before.size(); ++p) {
      before[p] = sums_[i][p] - sums_[i - kFluxFrames][p];
      after[p] = sums_[i + kFluxFrames][p] - sums_[i][p];
    }
    const double change = cosine_distance(before.data(), after.data(), 2 * kPitches);
    flux_[i] = static_cast<float>(change);
    power += change * change;
  }
  const double scale = 1 / (std::sqrt(power / static_cast<double>(count + 1)) + 1e-6);
  for (float& value : flux_) value *= static_cast<float>(scale);
}

Harmony::Mix Harmony::between(double from, double to) const {
  const auto frame = [&](double seconds) {
    return static_cast<std::size_t>(
        std::clamp(seconds * kPitchRate + 0.5, 0.0, static_cast<double>(sums_.size() - 1)));
  };
  const std::size_t first = frame(from), last = std::max(frame(to), first + 1);
  Mix mean{};
  if (last >= sums_.size()) return mean;
  for (std::size_t p = 0; p < mean.size(); ++p)
    mean[p] = (sums_[last][p] - sums_[first][p]) / static_cast<double>(last - first);
  return mean;
}

double Harmony::flux(double seconds) const {
  const double at = seconds * kPitchRate;
  if (at < 0 || at + 1 >= static_cast<double>(flux_.size())) return 0;
  const auto frame = static_cast<std::size_t>(at);
  const double share = at - static_cast<double>(frame);
  return flux_[frame] * (1 - share) + flux_[frame + 1] * share;
}

double Harmony::distance(const Mix& a, const Mix& b, Part part) {
  const auto first = static_cast<int>(part);
  return cosine_distance(a.data() + first, b.data() + first, kPitches);
}

}  // namespace groove::sound
