// A song's analysis in the shape of Spotify's Audio Analysis answer (JSON), or for a reader.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "fetcher/core/sound/analysis.h"

namespace groove::fetcher {

// What the answer says beside the analysis itself.
struct AnalysisOrigin {
  std::string input;         // the codec the song came in
  std::int64_t made_at = 0;  // seconds since 1970
  double seconds_taken = 0;  // to decode and analyse
};

// Takes the next piece of a text.
using Print = std::function<void(std::string_view)>;

// The Audio Analysis object, in pieces, for a long mix has 30 MB of it: meta, track, bars, beats,
// tatums, sections, segments; and one member the original has elsewhere, `audio_features`: the
// Audio Features object of the song. The strings codestring, echoprintstring, synchstring and
// rhythmstring are empty: nobody can make them now.
void print_json(const sound::Analysis& analysis, const AnalysisOrigin& origin, const Print& print);

// A screen of text: the numbers of the whole song, and its sections.
std::string to_text(const sound::Analysis& analysis, const AnalysisOrigin& origin);

}  // namespace groove::fetcher
