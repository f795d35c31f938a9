// How fast songs are analysed, beside what others take for less, in processor time (so that a busy
// machine changes little), as times real time of one core and as ratios to decoding alone:
//   decoding alone      FFmpeg's libraries to 22,050 Hz stereo, as our analysis takes it
//   the whole analysis  decoding included
//   ebur128             decoding, and libebur128's integrated loudness
//   aubio               the program aubiotrack (tempo and beats), its own decoding included
// Usage: sound_bench FILE...
#include <ebur128.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "fetcher/core/sound/analyzer.h"
#include "fetcher/decode.h"

namespace {

using namespace groove;

double seconds_of(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double taken(const std::function<void()>& work) {
  const double before = seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN);
  work();
  return seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN) - before;
}

void analyse(const std::string& file) {
  sound::Analyzer analyzer;
  const auto decoded = fetcher::decode(file, [&](auto left, auto right) {
    analyzer.feed(left, right);
    return true;
  });
  if (decoded) static_cast<void>(analyzer.finish());
}

void measure_loudness(const std::string& file) {
  ebur128_state* state = ebur128_init(2, sound::kSampleRate, EBUR128_MODE_I);
  std::vector<float> both;
  static_cast<void>(fetcher::decode(file, [&](auto left, auto right) {
    both.clear();
    for (std::size_t i = 0; i < left.size(); ++i) {
      both.push_back(left[i]);
      both.push_back(right[i]);
    }
    return ebur128_add_frames_float(state, both.data(), left.size()) == EBUR128_SUCCESS;
  }));
  double loudness = 0;
  ebur128_loudness_global(state, &loudness);
  ebur128_destroy(&state);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> files(argv + 1, argv + argc);
  double music = 0, decoding = 0, whole = 0, loudness = 0, aubio = 0;
  const bool has_aubio = std::system("command -v aubiotrack > /dev/null") == 0;
  for (const std::string& file : files) {
    double length = 0;
    decoding += taken([&] {
      const auto decoded = fetcher::decode(file, [](auto, auto) { return true; });
      length = decoded ? decoded->seconds : 0;
    });
    if (length == 0) continue;
    music += length;
    whole += taken([&] { analyse(file); });
    loudness += taken([&] { measure_loudness(file); });
    if (has_aubio)
      aubio += taken([&] {
        if (std::system(("aubiotrack '" + file + "' > /dev/null 2>&1").c_str()) != 0)
          fmt::print(stderr, "aubiotrack cannot read {}\n", file);
      });
  }
  if (music == 0) {
    fmt::print(stderr, "usage: sound_bench FILE... (music files)\n");
    return 2;
  }
  fmt::print("{} files, {:.0f} s of music\n", files.size(), music);
  const auto line = [&](const char* name, double time) {
    if (time > 0)
      fmt::print("{:<20}{:>6.0f} x real time{:>8.2f} x decoding\n", name, music / time,
                 time / decoding);
  };
  line("decoding alone", decoding);
  line("the whole analysis", whole);
  line("ebur128", loudness);
  line("aubio", aubio);
  return 0;
}
