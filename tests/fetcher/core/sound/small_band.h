// A small band to test with: drums, bass and chords at a tempo, metre and key one asks for.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "fetcher/core/sound/analyzer.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {

struct Band {
  double bpm = 120;
  int metre = 4;
  int bars = 16;
  double lead_in = 0;  // seconds of silence first
  int tonic = 0;
  bool minor = false;
  double cents = 0;  // out of tune
  bool drums = true;
  double drift = 0;  // the tempo rises evenly by this share to the end
};

inline std::vector<double> beat_times(const Band& band) {
  std::vector<double> times;
  double now = band.lead_in;
  const int count = band.bars * band.metre;
  for (int i = 0; i < count; ++i) {
    times.push_back(now);
    now += 60 / (band.bpm * (1 + band.drift * i / count));
  }
  return times;
}

inline void add_hit(std::vector<float>& sound, double start, double seconds, double amplitude,
                    unsigned seed) {
  const std::vector<float> hit = noise(seconds, amplitude, seed);
  const std::size_t first = samples_of(start);
  for (std::size_t i = 0; i < hit.size() && first + i < sound.size(); ++i)
    sound[first + i] +=
        hit[i] * static_cast<float>(std::exp(-25.0 * static_cast<double>(i) / kSampleRate));
}

inline void add_drums(std::vector<float>& sound, int place, int metre, double start, double beat) {
  const bool bass_drum = place == 0 || (metre == 4 && place == 2);
  if (bass_drum)
    add_tone(sound, start, 0.12, 60, 0.5, 1, 20);
  else
    add_hit(sound, start, 0.12, 0.3, 7);
  for (const double share : {0.0, 0.5}) add_hit(sound, start + share * beat, 0.03, 0.08, 11);
}

// Tonic, subdominant, dominant, tonic, a bar each: every triad of the key's three pillars.
inline void add_chord(std::vector<float>& sound, const Band& band, int bar, int place, double start,
                      double beat) {
  static constexpr std::array<int, 4> kRoots{0, 5, 7, 0};
  const int root = kRoots[bar % 4];
  const int third = band.minor && root != 7 ? 3 : 4;  // the dominant is major in both modes
  const double tune = band.cents / 100;
  for (const int step : {0, third, 7})
    add_tone(sound, start, 0.9 * beat, hz_of(60 + (band.tonic + root + step) % 12 + tune), 0.08, 4,
             2);
  if (place == 0)
    add_tone(sound, start, 1.8 * beat, hz_of(36 + (band.tonic + root) % 12 + tune), 0.25, 3, 1);
}

inline std::vector<float> play(const Band& band) {
  const std::vector<double> times = beat_times(band);
  std::vector<float> sound = silence(times.back() + 60 / band.bpm + 0.5);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const int bar = static_cast<int>(i) / band.metre, place = static_cast<int>(i) % band.metre;
    const double beat = i + 1 < times.size() ? times[i + 1] - times[i] : 60 / band.bpm;
    if (band.drums) add_drums(sound, place, band.metre, times[i], beat);
    add_chord(sound, band, bar, place, times[i], beat);
  }
  return sound;
}

inline Analysis analyse(const std::vector<float>& sound) {
  Analyzer analyzer;
  analyzer.feed(sound, sound);
  return analyzer.finish();
}

}  // namespace groove::sound
