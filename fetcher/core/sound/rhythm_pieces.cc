#include "fetcher/core/sound/rhythm_pieces.h"

#include <cmath>
#include <utility>

namespace groove::sound {
namespace {

// Appends the spans, which count from `offset`; what reaches into those before it is left out.
void append(const std::vector<Interval>& from, double offset, std::vector<Interval>& to) {
  const double end = to.empty() ? -1 : to.back().start + to.back().duration / 2;
  for (Interval span : from) {
    span.start += offset;
    if (span.start > end) to.push_back(span);
  }
}

}  // namespace

Rhythm find_rhythm_in_pieces(const Frames& frames) {
  const auto pieces = static_cast<std::size_t>(std::ceil(frames.duration / kRhythmPieceSeconds));
  if (pieces <= 1) return find_rhythm(frames);
  Rhythm whole;
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const std::size_t first = frames.pitch_count() * piece / pieces;
    const std::size_t last = frames.pitch_count() * (piece + 1) / pieces;
    Rhythm part = find_rhythm(frames.part(first, last));
    const double offset = static_cast<double>(first) / kPitchRate;
    append(part.tatums, offset, whole.tatums);
    append(part.beats, offset, whole.beats);
    append(part.bars, offset, whole.bars);
    if (part.tempo_confidence < whole.tempo_confidence || part.tempo == 0) continue;
    whole.tempo = part.tempo;
    whole.tempo_confidence = part.tempo_confidence;
    whole.time_signature = part.time_signature;
    whole.time_signature_confidence = part.time_signature_confidence;
  }
  return whole;
}

}  // namespace groove::sound
