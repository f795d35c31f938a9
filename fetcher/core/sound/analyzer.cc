#include "fetcher/core/sound/analyzer.h"

#include <utility>

#include "fetcher/core/sound/course.h"
#include "fetcher/core/sound/descriptors.h"
#include "fetcher/core/sound/fades.h"
#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/key.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/rhythm_pieces.h"
#include "fetcher/core/sound/sections.h"
#include "fetcher/core/sound/segments.h"
#include "fetcher/core/sound/similarity.h"
#include "fetcher/core/sound/summary.h"

namespace groove::sound {
namespace {

void add_rhythm(Rhythm rhythm, Analysis& analysis) {
  analysis.tempo = rhythm.tempo;
  analysis.tempo_confidence = rhythm.tempo_confidence;
  analysis.time_signature = rhythm.time_signature;
  analysis.time_signature_confidence = rhythm.time_signature_confidence;
  analysis.tatums = std::move(rhythm.tatums);
  analysis.beats = std::move(rhythm.beats);
  analysis.bars = std::move(rhythm.bars);
}

// For the song and for its sections alike.
template <class Part>
void add_key(const Key& key, Part& part) {
  part.key = key.tonic;
  part.key_confidence = key.confidence;
  part.mode = key.mode;
  part.mode_confidence = key.mode_confidence;
}

void complete(const Frames& frames, const Analysis& song, Section& section) {
  const double end = section.start + section.duration;
  add_key(find_key(frames, section.start, end), section);
  section.tempo = tempo_between(song.beats, section.start, end);
  section.tempo_confidence = section.tempo > 0 ? song.tempo_confidence : 0;
  section.time_signature = song.time_signature;
  section.time_signature_confidence = song.time_signature_confidence;
}

}  // namespace

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
  add_rhythm(find_rhythm_in_pieces(frames), analysis);
  add_key(find_key(frames, 0, frames.duration), analysis);
  const Fades fades = find_fades(frames, analysis.loudness);
  analysis.end_of_fade_in = fades.end_of_fade_in;
  analysis.start_of_fade_out = fades.start_of_fade_out;
  analysis.segments = find_segments(frames);
  analysis.sections = find_sections(frames, analysis.beats);
  for (Section& section : analysis.sections) complete(frames, analysis, section);
  analysis.summary = summarize(describe(frames, analysis.loudness, analysis.segments), analysis);
  analysis.series = make_series(frames, analysis.beats);
  analysis.vector = similarity_vector(frames, analysis.loudness);
  return analysis;
}

}  // namespace groove::sound
