#include "scorer/core/metrics.h"

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"
#include "workers/base/exact_math.h"
#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kResamplings = 1000;
constexpr std::size_t kBins = 10;

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double discount(std::size_t place) { return 1 / exact_log(static_cast<double>(place) + 2); }

double apart(const Vector& a, const Vector& b, std::size_t dimensions) {
  double squares = 0;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const double away = static_cast<double>(a[d] - b[d]) / kVectorScale;
    squares += away * away;
  }
  return std::sqrt(squares / static_cast<double>(dimensions));
}

}  // namespace

double auc(std::span<const double> hidden, std::span<const double> others) {
  GROOVE_CHECK(!hidden.empty() && !others.empty());
  std::vector<double> sorted(hidden.begin(), hidden.end());
  std::ranges::sort(sorted);
  std::uint64_t halves = 0;  // two for each hidden song above, one for each that is level
  for (const double score : others) {
    const auto [level, above] = std::equal_range(sorted.begin(), sorted.end(), score);
    halves += static_cast<std::uint64_t>(2 * (sorted.end() - above) + (above - level));
  }
  return static_cast<double>(halves) / 2 / static_cast<double>(hidden.size()) /
         static_cast<double>(others.size());
}

double recall(std::span<const std::size_t> places, std::size_t first) {
  GROOVE_CHECK(!places.empty());
  const auto found = std::ranges::count_if(places, [&](std::size_t p) { return p < first; });
  return static_cast<double>(found) / static_cast<double>(places.size());
}

double ndcg(std::span<const std::size_t> places, std::size_t first) {
  GROOVE_CHECK(!places.empty() && first > 0);
  std::vector<std::size_t> sorted(places.begin(), places.end());
  std::ranges::sort(sorted);
  double gained = 0, ideal = 0;
  for (std::size_t i = 0; i < sorted.size() && i < first; ++i) {
    ideal += discount(i);
    if (sorted[i] < first) gained += discount(sorted[i]);
  }
  return gained / ideal;
}

double spread(std::span<const Vector> songs, std::size_t dimensions) {
  GROOVE_CHECK(dimensions >= 1);
  double sum = 0;
  for (std::size_t i = 0; i < songs.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) sum += apart(songs[i], songs[j], dimensions);
  const auto n = static_cast<double>(songs.size());
  return songs.size() < 2 ? 0 : sum / (n * (n - 1) / 2);
}

Estimate bootstrap(std::span<const double> values, std::uint64_t seed) {
  if (values.empty()) return {};
  std::uint64_t drawn = mix64(seed);
  std::vector<double> means(kResamplings);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      sum += values[mix64(drawn += 0x9e3779b97f4a7c15ULL) % values.size()];
    mean = sum / static_cast<double>(values.size());
  }
  std::ranges::sort(means);
  return {mean_of(values), means[kResamplings / 40], means[kResamplings - 1 - kResamplings / 40]};
}

std::vector<ReliabilityBin> reliability(std::span<const Told> told) {
  std::vector<ReliabilityBin> out(kBins);
  for (const Told& t : told) {
    ReliabilityBin& bin = out[std::min(kBins - 1, static_cast<std::size_t>(t.confidence * kBins))];
    bin.confidence += t.confidence;
    bin.approved += t.approved ? 1 : 0;
    ++bin.songs;
  }
  for (ReliabilityBin& bin : out) {
    const double n = std::max(1.0, static_cast<double>(bin.songs));
    bin.confidence /= n;
    bin.approved /= n;
  }
  return out;
}

double calibration_error(std::span<const ReliabilityBin> bins) {
  double error = 0, songs = 0;
  for (const ReliabilityBin& bin : bins) {
    error += static_cast<double>(bin.songs) * std::abs(bin.confidence - bin.approved);
    songs += static_cast<double>(bin.songs);
  }
  return songs == 0 ? 0 : error / songs;
}

}  // namespace groove::scorer
