#include "fetcher/core/sound/segments.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/pitches.h"
#include "fetcher/core/sound/timbre.h"

namespace groove::sound {
namespace {

// Loudness at a stretch of energy, over it and its neighbours (17 ms): shorter is a bass's own
// wave.
double loudness_at(const Frames& frames, std::size_t stretch) {
  const std::size_t first = stretch == 0 ? 0 : stretch - 1;
  const std::size_t last = std::min(frames.energy.size(), stretch + 2);
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += frames.energy[i];
  return loudness_db(sum / static_cast<double>(last - first));
}

void set_loudness(const Frames& frames, Segment& segment) {
  const auto [first, last] = frames_between(segment.start, segment.start + segment.duration,
                                            kEnergyRate, frames.energy.size());
  segment.loudness_start = segment.loudness_max = loudness_at(frames, first);
  for (std::size_t i = first + 1; i < last; ++i) {
    const double here = loudness_at(frames, i);
    if (here <= segment.loudness_max) continue;
    segment.loudness_max = here;
    segment.loudness_max_time = static_cast<double>(i - first) / kEnergyRate;
  }
}

void describe(const Frames& frames, Segment& segment) {
  const double end = segment.start + segment.duration;
  set_loudness(frames, segment);
  segment.pitches = pitches_of(frames, segment.start, end);
  const auto [first, last] = frames_between(segment.start, end, kFrameRate, frames.count());
  segment.timbre = timbre_of(frames, first, last);
}

// Cuts `from` .. `to` into parts of at most kSegmentMax, all the same length.
void add_parts(std::vector<Segment>& segments, double from, double to, double confidence) {
  const double parts = std::max(1.0, std::ceil((to - from) / kSegmentMax - 1e-9));
  const double length = (to - from) / parts;
  for (int part = 0; part < static_cast<int>(parts); ++part)
    segments.push_back({.start = from + part * length,
                        .duration = length,
                        .confidence = part == 0 ? confidence : 0});
}

}  // namespace

std::vector<Segment> find_segments(const Frames& frames) {
  std::vector<Segment> segments;
  if (frames.count() == 0) return segments;
  Onset from{};
  for (const Onset& onset : find_onsets(frames)) {
    add_parts(segments, from.seconds, onset.seconds, from.confidence);
    from = onset;
  }
  add_parts(segments, from.seconds, frames.duration, from.confidence);
  for (Segment& segment : segments) describe(frames, segment);
  segments.back().loudness_end = loudness_at(frames, frames.energy.size() - 1);
  return segments;
}

}  // namespace groove::sound
