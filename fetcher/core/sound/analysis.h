// What Groove hears in one song: the parts of Spotify's Audio Analysis answer (closed to new
// applications since November 2024), and the summary features of the `spotify-v1` space.
//
// Times are seconds from the start of the song. Confidences are 0..1. Loudness is dB relative to
// full scale, never below kSilenceDb. A song shorter than one second has one segment, no beats.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace groove::sound {

inline constexpr int kSampleRate = 22'050;  // Hz; what the analyser is fed
inline constexpr double kSilenceDb = -60;
inline constexpr int kPitches = 12;  // C, C#, ... B
inline constexpr int kTimbres = 12;
inline constexpr int kSeriesDims = kPitches + kTimbres + 1;  // pitches, timbre, loudness
inline constexpr int kSeriesStepsMax = 120;
// Written with every analysis. Another number means: analyse again. Raise it whenever the same
// samples would give other numbers.
inline constexpr int kAnalyzerVersion = 1;

// A span of time: a beat, a bar, a tatum.
struct Interval {
  double start = 0;
  double duration = 0;
  double confidence = 0;
};

// A stretch of even sound, 80 ms to 1 s: about a note.
struct Segment {
  double start = 0;
  double duration = 0;
  double confidence = 0;         // how sure its onset is
  double loudness_start = 0;     // dB at the onset
  double loudness_max_time = 0;  // seconds from the segment's start
  double loudness_max = 0;       // dB at its peak
  double loudness_end = 0;       // dB at the end; 0 but for the last segment, as in the API
  std::array<float, kPitches> pitches{};  // chroma, the strongest is 1
  std::array<float, kTimbres> timbre{};   // [0] loudness, [1] brightness, ...; about -200..200
};

// A large part of a song: a verse, a chorus, a solo.
struct Section {
  double start = 0;
  double duration = 0;
  double confidence = 0;
  double loudness = 0;
  double tempo = 0;
  double tempo_confidence = 0;
  int key = -1;  // 0 is C; -1: none found
  double key_confidence = 0;
  int mode = 0;  // 1 major, 0 minor
  double mode_confidence = 0;
  int time_signature = 4;  // 3..7 beats a bar
  double time_signature_confidence = 0;
};

// The summary features, on the scales Spotify published. Those marked * are estimates by a formula
// of ours from what the analysis measures; nobody outside knows the original's.
struct Summary {
  double acousticness = 0;      // * 0..1
  double danceability = 0;      // * 0..1
  double energy = 0;            // * 0..1
  double instrumentalness = 0;  // * 0..1
  double liveness = 0;          // * 0..1
  double speechiness = 0;       // * 0..1
  double valence = 0;           // * 0..1
};

struct Analysis {
  double duration = 0;           // seconds
  double end_of_fade_in = 0;     // seconds
  double start_of_fade_out = 0;  // seconds
  double loudness = kSilenceDb;  // integrated, LUFS by ITU-R BS.1770
  double tempo = 0;              // beats a minute; 0: none found
  double tempo_confidence = 0;
  int time_signature = 4;
  double time_signature_confidence = 0;
  int key = -1;
  double key_confidence = 0;
  int mode = 0;
  double mode_confidence = 0;
  Summary summary;
  std::vector<Interval> tatums;
  std::vector<Interval> beats;
  std::vector<Interval> bars;
  std::vector<Section> sections;
  std::vector<Segment> segments;
  // Beat-synchronous course of the song, for clustering: step after step, kSeriesDims values each,
  // at most kSeriesStepsMax steps.
  std::vector<float> series;
  // The compact vector `sound-v1` that carries similarity; empty until the song is long enough.
  std::vector<std::int16_t> vector;
};

}  // namespace groove::sound
