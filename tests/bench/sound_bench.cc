// How fast a song is analysed, in times real time on one core, beside decoding alone.
#include <fmt/format.h>
#include <chrono>
#include <cstdio>
#include "fetcher/core/sound/analyzer.h"
#include "fetcher/decode.h"
using namespace groove;
int main(int argc, char** argv) {
  double decode_s = 0, whole_s = 0, seconds = 0;
  auto now = [] { return std::chrono::steady_clock::now(); };
  for (int i = 1; i < argc; ++i) {
    auto t0 = now();
    double sum = 0;
    auto d = fetcher::decode(argv[i], [&](auto l, auto) {
      sum += l[0];
      return true;
    });
    if (!d) {
      fmt::print("{}: {}\n", argv[i], d.error().message);
      continue;
    }
    auto t1 = now();
    sound::Analyzer a;
    auto d2 = fetcher::decode(argv[i], [&](auto l, auto r) {
      a.feed(l, r);
      return true;
    });
    auto x = a.finish();
    auto t2 = now();
    decode_s += std::chrono::duration<double>(t1 - t0).count();
    whole_s += std::chrono::duration<double>(t2 - t1).count();
    seconds += d->seconds;
    fmt::print("{} {:.1f} s {} bad {} loud {:.1f} {}\n", argv[i], d->seconds, d->codec,
               d->bad_packets, x.loudness, to_string(d->audio_sha256).substr(0, 8));
  }
  fmt::print("decode {:.0f}x  whole {:.0f}x ratio {:.2f}\n", seconds / decode_s, seconds / whole_s,
             whole_s / decode_s);
}
