#include "fetcher/core/sound/analyzer.h"

#include "fetcher/core/sound/course.h"
#include "fetcher/core/sound/fades.h"
#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/sections.h"
#include "fetcher/core/sound/segments.h"

namespace groove::sound {

struct Analyzer::Parts {
  FrameMaker frames;
};

Analyzer::Analyzer() : parts_(std::make_unique<Parts>()) {}
Analyzer::~Analyzer() = default;

void Analyzer::feed(std::span<const float> left, std::span<const float> right) {
  parts_->frames.feed(left, right);
}

Analysis Analyzer::finish() {
  const Frames frames = parts_->frames.finish();
  Analysis analysis;
  analysis.duration = frames.duration;
  analysis.loudness = integrated_loudness(frames.tenth_energy);
  const Fades fades = find_fades(frames, analysis.loudness);
  analysis.end_of_fade_in = fades.end_of_fade_in;
  analysis.start_of_fade_out = fades.start_of_fade_out;
  analysis.segments = find_segments(frames);
  analysis.sections = find_sections(frames, analysis.beats);
  analysis.series = make_series(frames, analysis.beats);
  return analysis;
}

}  // namespace groove::sound
