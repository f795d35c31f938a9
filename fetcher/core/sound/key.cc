#include "fetcher/core/sound/key.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/key_model.h"

namespace groove::sound {
namespace {

constexpr double kEdgeSeconds = 8;  // of the beginning and the end
constexpr double kSoftest = 1e-5;   // amplitude of a chroma below which it fades out of the mean
constexpr double kSilent =
    1e-4;  // amplitude: before the first and after the last such frame is nothing

using Chroma = std::array<float, kPitches>;

double norm(const Chroma& chroma) {
  double sum = 0;
  for (const float value : chroma) sum += double{value} * value;
  return std::sqrt(sum);
}

// The mean of chromas, each of norm 1, of pitch frames first .. last - 1.
Chroma mean_chroma(const std::vector<Chroma>& chromas, std::size_t first, std::size_t last) {
  std::array<double, kPitches> sums{};
  double total = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double level = norm(chromas[i]) + kSoftest;
    for (int p = 0; p < kPitches; ++p) sums[p] += chromas[i][p] / level;
  }
  for (const double sum : sums) total += sum;
  Chroma mean{};
  if (total <= 1e-9) return mean;
  for (int p = 0; p < kPitches; ++p) mean[p] = static_cast<float>(kPitches * sums[p] / total);
  return mean;
}

double score(const KeyFeatures& features, int tonic, int mode) {
  double sum = mode == 1 ? kMajorOffset : 0;
  for (std::size_t part = 0; part < kKeyChromas; ++part)
    for (int degree = 0; degree < kPitches; ++degree)
      sum += double{kKeyProfiles[mode][part][degree]} * features[part][(tonic + degree) % kPitches];
  return sum;
}

}  // namespace

KeyFeatures key_features(const Frames& frames, double from, double to) {
  const auto place = [&](double seconds) {
    const auto end = static_cast<double>(frames.pitch_count());
    return static_cast<std::size_t>(std::clamp(seconds * kPitchRate + 0.5, 0.0, end));
  };
  std::vector<Chroma> chromas;
  for (std::size_t i = place(from); i < place(to); ++i) chromas.push_back(frames.chroma(i));
  const auto sounds = [](const Chroma& chroma) { return norm(chroma) > kSilent; };
  const auto first = std::find_if(chromas.begin(), chromas.end(), sounds);
  chromas.erase(chromas.begin(), first);
  while (!chromas.empty() && !sounds(chromas.back())) chromas.pop_back();
  const auto edge = std::min(chromas.size(), static_cast<std::size_t>(kEdgeSeconds * kPitchRate));
  return {mean_chroma(chromas, 0, chromas.size()), mean_chroma(chromas, 0, edge),
          mean_chroma(chromas, chromas.size() - edge, chromas.size())};
}

Key find_key(const Frames& frames, double from, double to) {
  const KeyFeatures features = key_features(frames, from, to);
  if (std::ranges::all_of(features[0], [](float value) { return value <= 0; })) return {};
  std::array<std::array<double, 2>, kPitches> likelihood{};
  Key key;
  double best = -1e30, total = 0;
  for (int tonic = 0; tonic < kPitches; ++tonic) {
    for (int mode = 0; mode < 2; ++mode) {
      likelihood[tonic][mode] = score(features, tonic, mode);
      if (likelihood[tonic][mode] > best) {
        best = likelihood[tonic][mode];
        key.tonic = tonic;
        key.mode = mode;
      }
    }
  }
  for (auto& of_tonic : likelihood)
    for (double& value : of_tonic) total += value = std::exp(value - best);
  const auto& here = likelihood[key.tonic];
  key.confidence = (here[0] + here[1]) / total;
  key.mode_confidence = here[key.mode] / (here[0] + here[1]);
  return key;
}

}  // namespace groove::sound
