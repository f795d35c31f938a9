#include "fetcher/core/sound/rhythm_tempo.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "fetcher/core/sound/lanes.h"

namespace groove::sound {
namespace {

constexpr std::size_t kLagsMax = 400;         // frames: 9.3 s
constexpr std::size_t kHarmonyLagsMax = 200;  // pitch frames: 9.3 s
constexpr std::size_t kBlock = 4;             // registers of lags at a time
constexpr double kShortest = 60 * kStepRate / 260, kLongest = 60 * kStepRate / 36;  // steps
constexpr std::size_t kCandidatesMax = 12;
constexpr double kSame = 0.05;  // logarithm of the ratio of two periods

// Of every second step (that is, frame): finer the accents do not tell.
std::vector<float> every_second(const std::vector<float>& steps) {
  std::vector<float> frames;
  for (std::size_t i = 0; i < steps.size(); i += 2) frames.push_back(steps[i]);
  return frames;
}

void subtract_mean(std::vector<float>& curve) {
  const double sum = std::accumulate(curve.begin(), curve.end(), 0.0);
  const double count = static_cast<double>(std::max<std::size_t>(1, curve.size()));
  const auto mean = static_cast<float>(sum / count);
  for (float& value : curve) value -= mean;
}

// The sums for lags first .. first + 15, at once.
void correlate_block(const std::vector<float>& padded, std::size_t count, std::size_t first,
                     float* sums) {
  std::array<Lanes, kBlock> sum{};
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t k = 0; k < kBlock; ++k) {
      Lanes later;
      std::memcpy(&later, &padded[t + first + k * kLanes], sizeof later);
      sum[k] += padded[t] * later;
    }
  }
  std::memcpy(sums, sum.data(), sizeof sum);
}

std::vector<float> autocorrelation(std::vector<float> curve, std::size_t lags_max) {
  subtract_mean(curve);
  const std::size_t count = curve.size();
  constexpr std::size_t kWidth = kBlock * kLanes;
  const std::size_t blocks = lags_max / kWidth + 1;
  curve.resize(count + blocks * kWidth);
  std::vector<float> sums(blocks * kWidth);
  for (std::size_t block = 0; block < blocks; ++block)
    correlate_block(curve, count, block * kWidth, &sums[block * kWidth]);
  const float scale = sums[0] > 0 ? 1 / sums[0] : 0;
  for (float& value : sums) value *= scale;
  return sums;
}

double interpolated(const std::vector<float>& curve, double at) {
  if (at + 1 >= static_cast<double>(curve.size())) return 0;
  const auto low = static_cast<std::size_t>(at);
  const double share = at - static_cast<double>(low);
  return curve[low] * (1 - share) + curve[low + 1] * share;
}

}  // namespace

Periodicity::Periodicity(const Accents& accents, const Harmony& harmony)
    : of_harmony_(autocorrelation(harmony.flux_curve(), kHarmonyLagsMax)) {
  for (std::size_t voice = 0; voice < kVoices; ++voice)
    of_[voice] = autocorrelation(every_second(accents.of[voice]), kLagsMax);
}

double Periodicity::at(Voice voice, double lag) const { return interpolated(of_[voice], lag / 2); }

double Periodicity::of_harmony(double lag) const {
  return interpolated(of_harmony_, lag * kPitchRate / kStepRate);
}

double Periodicity::comb(double period) const {
  double sum = 0;
  for (const Voice voice : {kAllVoices, kAllVoices, kLowVoice, kMiddleVoice, kHighVoice})
    for (int multiple = 1; multiple <= 4; ++multiple) sum += at(voice, multiple * period);
  return sum / 4;
}

std::vector<double> Periodicity::candidates() const {
  std::vector<std::pair<double, double>> peaks;  // comb, period
  std::vector<std::pair<double, double>> grid;
  for (double period = kShortest; period <= kLongest; period *= 1.01)
    grid.emplace_back(comb(period), period);
  for (std::size_t i = 1; i + 1 < grid.size(); ++i)
    if (grid[i].first >= grid[i - 1].first && grid[i].first > grid[i + 1].first)
      peaks.push_back(grid[i]);
  std::sort(peaks.rbegin(), peaks.rend());

  std::vector<double> chosen;
  const auto add = [&](double about) {
    if (about < 0.97 * kShortest || about > 1.03 * kLongest || chosen.size() == kCandidatesMax)
      return;
    std::pair<double, double> best{-1e9, about};
    for (double period = 0.96 * about; period <= 1.04 * about; period *= 1.004)
      best = std::max(best, {comb(period), period});
    const auto same = [&](double other) { return std::abs(std::log(other / best.second)) < kSame; };
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(best.second);
  };
  for (std::size_t i = 0; i < std::min<std::size_t>(2, peaks.size()); ++i) add(peaks[i].second);
  for (const double ratio : {0.5, 2.0, 1.0 / 3, 3.0, 2.0 / 3, 1.5, 0.25, 4.0, 0.75, 4.0 / 3})
    if (!peaks.empty()) add(peaks[0].second * ratio);
  for (std::size_t i = 2; i < std::min<std::size_t>(6, peaks.size()); ++i) add(peaks[i].second);
  return chosen;
}

}  // namespace groove::sound
