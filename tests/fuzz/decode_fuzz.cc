// Small music files with broken bytes, cut and lengthened, in every format: decoding ends, and what
// sound comes out can be analysed. The files are made by the ffmpeg program at the start; an input
// is the choice of one, where it is cut, and edits of it. An input may also be a file itself.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <random>
#include <string_view>

#include "fetcher/core/sound/analyzer.h"
#include "fetcher/decode.h"
#include "tests/fetcher/made_music.h"
#include "tests/support/memory_file.h"
#include "tests/support/temp_dir.h"
#include "workers/base/check.h"

namespace {

using namespace groove;
using namespace groove::fetcher;

constexpr std::size_t kSoundMax = 20 * sound::kSampleRate;  // no more is analysed

std::vector<std::string> make_files() {
  constexpr int kRate = 22'050;
  const test::TempDir dir;
  std::vector<std::vector<float>> tone(2);
  for (auto& channel : tone)
    for (int i = 0; i < kRate / 2; ++i)
      channel.push_back(static_cast<float>(0.4 * std::sin(2 * std::numbers::pi * 500 * i / kRate)));
  write_wav(dir / "tone.wav", tone, kRate);
  std::vector<std::string> files{bytes_of(dir / "tone.wav")};
  for (const auto& [name, options] : {std::pair{"a.mp3", "-b:a 64k"},
                                      {"a.flac", ""},
                                      {"a.ogg", "-c:a libvorbis"},
                                      {"a.opus", "-c:a libopus"},
                                      {"a.m4a", "-c:a aac"},
                                      {"a.aac", "-c:a aac"},
                                      {"a.wma", "-c:a wmav2"},
                                      {"a.aiff", ""},
                                      {"a.mka", "-c:a libvorbis"},
                                      {"a.wv", ""}}) {
    ffmpeg(dir / "tone.wav", std::string("-metadata title=Tone ") + options, dir / name);
    files.push_back(bytes_of(dir / name));
  }
  return files;
}

const std::vector<std::string>& made_files() {
  static const std::vector<std::string> files = make_files();
  return files;
}

// The chosen file, cut, and with its bytes changed where the input says: place (2 bytes), value.
std::string broken(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string>& files = made_files();
  if (data[0] >= 2 * files.size()) return {reinterpret_cast<const char*>(data + 1), size - 1};
  std::string bytes = files[data[0] % files.size()];
  if (data[0] >= files.size()) bytes.resize(bytes.size() * (data[1] + 1U) / 256);
  const auto edit = [&](unsigned first, unsigned second, unsigned value) {
    // Half of the changes go to the start, where the headers are.
    const std::size_t at = first % 2 == 0 ? second % 256 : first * 256 + second;
    if (!bytes.empty()) bytes[at % bytes.size()] = static_cast<char>(value);
  };
  for (std::size_t i = 2; i + 2 < size; i += 3) edit(data[i], data[i + 1], data[i + 2]);
  // Short inputs break much too: some edits are drawn, from the input's own bytes.
  std::minstd_rand random(static_cast<unsigned>(
      std::hash<std::string_view>{}({reinterpret_cast<const char*>(data), size})));
  for (unsigned i = 0; i < data[1] % 24U; ++i)
    edit(static_cast<unsigned>(random() >> 8), static_cast<unsigned>(random() >> 8),
         static_cast<unsigned>(random() >> 8));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  made_files();  // takes seconds, which are no input's
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const test::MemoryFile file(broken(data, size));
  sound::Analyzer analyzer;
  std::size_t samples = 0;
  const auto decoded = decode(file.path(), [&](auto left, auto right) {
    GROOVE_CHECK(left.size() == right.size());
    samples += left.size();
    analyzer.feed(left, right);
    return samples < kSoundMax;
  });
  if (decoded)
    GROOVE_CHECK(std::abs(decoded->seconds * sound::kSampleRate - static_cast<double>(samples)) <
                 1);
  if (!decoded) GROOVE_CHECK(!decoded.error().message.empty());
  const sound::Analysis analysis = analyzer.finish();
  GROOVE_CHECK(std::isfinite(analysis.loudness) && std::isfinite(analysis.tempo));
  for (const float value : analysis.series) GROOVE_CHECK(std::isfinite(value));
  return 0;
}
