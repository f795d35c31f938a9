#include "fetcher/core/sound/analyzer.h"

#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/loudness.h"

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
  return analysis;
}

}  // namespace groove::sound
