#include "fetcher/core/sound/sections.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/course.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/pitches.h"

namespace groove::sound {
namespace {

constexpr double kStepLeast = 0.5;     // seconds
constexpr double kKernel = 12;         // seconds of sound on each side that are compared
constexpr double kSectionLeast = 7;    // seconds
constexpr double kAround = 20;         // seconds on each side whose mean a boundary must exceed
constexpr double kSureNovelty = 0.25;  // a boundary nobody doubts
constexpr float kPitchWeight = 0.7F;   // of the pitches beside the timbre

// How alike two steps sound: 1 the same, falling with their distance.
float likeness(const Step& a, const Step& b) {
  float distance = 0;
  for (int i = 0; i < kSeriesDims; ++i) {
    const float difference = a.values[i] - b.values[i];
    distance += (i < kPitches ? kPitchWeight * difference : difference) * difference;
  }
  return std::exp(-distance);
}

// At each step but the first: how much more alike the steps on either side are among themselves
// than across, weighted to the middle.
std::vector<double> novelty_of(const std::vector<Step>& steps, std::size_t half) {
  std::vector<double> weight(half);
  for (std::size_t i = 0; i < half; ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(half);
    weight[i] = std::exp(-2 * at * at);
  }
  // band[i * width + k]: steps i and i + 1 + k.
  const std::size_t width = 2 * half - 1;
  std::vector<float> band(steps.size() * width);
  for (std::size_t i = 0; i < steps.size(); ++i)
    for (std::size_t k = 0; k < width && i + 1 + k < steps.size(); ++k)
      band[i * width + k] = likeness(steps[i], steps[i + 1 + k]);

  std::vector<double> novelty(steps.size());
  for (std::size_t at = 1; at < steps.size(); ++at) {
    const std::size_t first = at < half ? 0 : at - half, last = std::min(steps.size(), at + half);
    double within = 0, across = 0, within_weight = 1e-9, across_weight = 1e-9;
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t j = i + 1; j < last; ++j) {
        const bool left = i < at, same = left == (j < at);
        const double w = weight[left ? at - 1 - i : i - at] * weight[j < at ? at - 1 - j : j - at];
        (same ? within : across) += w * band[i * width + (j - i - 1)];
        (same ? within_weight : across_weight) += w;
      }
    novelty[at] = std::max(0.0, within / within_weight - across / across_weight);
  }
  return novelty;
}

struct Boundary {
  std::size_t step;
  double novelty;
};

std::vector<Boundary> boundaries_of(const std::vector<double>& novelty, std::size_t apart,
                                    std::size_t around) {
  std::vector<Boundary> found;
  for (std::size_t i = apart; i + apart < novelty.size(); ++i) {
    const auto first = novelty.begin() + static_cast<std::ptrdiff_t>(i - apart);
    const auto last = novelty.begin() + static_cast<std::ptrdiff_t>(i + apart + 1);
    if (std::max_element(first, last) != novelty.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const std::size_t from = i < around ? 0 : i - around;
    const std::size_t to = std::min(novelty.size(), i + around + 1);
    double mean = 0;
    for (std::size_t j = from; j < to; ++j) mean += novelty[j] / static_cast<double>(to - from);
    if (novelty[i] > 1.35 * mean + 0.01) found.push_back({i, novelty[i]});
  }
  return found;
}

std::size_t steps_in(double seconds, double step) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(seconds / step + 0.5));
}

}  // namespace

std::vector<Section> find_sections(const Frames& frames, std::span<const Interval> beats) {
  const std::vector<Step> steps = steps_of(frames, beats, kStepLeast);
  if (steps.empty()) return {};
  const double step = frames.duration / static_cast<double>(steps.size());
  const auto novelty = novelty_of(steps, steps_in(kKernel, step));
  std::vector<Section> sections{{.start = 0, .confidence = 1}};
  for (const Boundary& boundary :
       boundaries_of(novelty, steps_in(kSectionLeast, step), steps_in(kAround, step)))
    sections.push_back({.start = steps[boundary.step].start,
                        .confidence = std::min(1.0, boundary.novelty / kSureNovelty)});
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const double end = i + 1 < sections.size() ? sections[i + 1].start : frames.duration;
    sections[i].duration = end - sections[i].start;
    sections[i].loudness = loudness_between(frames, sections[i].start, end);
  }
  return sections;
}

}  // namespace groove::sound
