// Hears music whose beats are known, for bench.py and learn.py. Reads lines "NAME FILE SECONDS..."
// (the true beats) and prints for each
//   song NAME DURATION COST TEMPO CONFIDENCE KEY MODE CONFIDENCE MODE_CONFIDENCE
//        SIGNATURE CONFIDENCE BEATS SECONDS... BARS SECONDS...
// (COST: seconds spent on rhythm and key, after decoding), and with --features
//   mark NAME MARKS...                              a line a true beat: beat_marks()
//   pulse NAME PERIOD BEATS SECONDS... FEATURES...  a line a course of beats: find_pulses()
//   key NAME CHROMAS...                             key_features()
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string_view>

#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/key.h"
#include "fetcher/core/sound/rhythm.h"
#include "fetcher/core/sound/rhythm_pulse.h"
#include "fetcher/decode.h"

namespace groove::sound {
namespace {

struct Song {
  std::string name, file;
  std::vector<double> beats;
};

Song parse(const std::string& line) {
  std::istringstream words(line);
  Song song;
  words >> song.name >> song.file;
  for (double beat = 0; words >> beat;) song.beats.push_back(beat);
  return song;
}

std::vector<double> starts(const std::vector<Interval>& spans) {
  std::vector<double> out;
  for (const Interval& span : spans) out.push_back(span.start);
  return out;
}

void print_song(const std::string& name, const Frames& frames) {
  const auto before = std::chrono::steady_clock::now();
  const Rhythm rhythm = find_rhythm(frames);
  const Key key = find_key(frames, 0, frames.duration);
  const std::chrono::duration<double> cost = std::chrono::steady_clock::now() - before;
  fmt::print("song {} {:.3f} {:.6f} {:.3f} {:.3f} {} {} {:.3f} {:.3f} {} {:.3f} ", name,
             frames.duration, cost.count(), rhythm.tempo, rhythm.tempo_confidence, key.tonic,
             key.mode, key.confidence, key.mode_confidence, rhythm.time_signature,
             rhythm.time_signature_confidence);
  fmt::print("{} {:.3f} {} {:.3f}\n", rhythm.beats.size(), fmt::join(starts(rhythm.beats), " "),
             rhythm.bars.size(), fmt::join(starts(rhythm.bars), " "));
}

void print_features(const Song& song, const Frames& frames) {
  const Hearing hearing(frames);
  for (const auto& marks : beat_marks(hearing, song.beats))
    fmt::print("mark {} {:.4f}\n", song.name, fmt::join(marks, " "));
  for (const auto& pulse : find_pulses(hearing))
    fmt::print("pulse {} {:.5f} {} {:.3f} {:.5f}\n", song.name, pulse.period, pulse.beats.size(),
               fmt::join(pulse.beats, " "), fmt::join(pulse.features, " "));
  const KeyFeatures chromas = key_features(frames, 0, frames.duration);
  fmt::print("key {} {:.5f} {:.5f} {:.5f}\n", song.name, fmt::join(chromas[0], " "),
             fmt::join(chromas[1], " "), fmt::join(chromas[2], " "));
}

}  // namespace
}  // namespace groove::sound

int main(int argc, char** argv) {
  using namespace groove;
  const bool features = argc == 2 && std::string_view(argv[1]) == "--features";
  for (std::string line; std::getline(std::cin, line);) {
    const sound::Song song = sound::parse(line);
    sound::FrameMaker maker;
    const auto take = [&](auto left, auto right) {
      maker.feed(left, right);
      return true;
    };
    if (const auto decoded = fetcher::decode(song.file, take); !decoded) {
      fmt::print(stderr, "{}: {}\n", song.file, decoded.error().message);
      continue;
    }
    const sound::Frames frames = maker.finish();
    sound::print_song(song.name, frames);
    if (features) sound::print_features(song, frames);
  }
}
