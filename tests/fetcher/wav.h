// Small real music files, made in the test.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "workers/base/bytes.h"

namespace groove::fetcher::test {

// So many seconds of a chord that pulses, mono, 22,050 Hz, 16 bits; another one for each number.
inline std::string wav(int number, double seconds = 4) {
  constexpr std::uint32_t kRate = 22'050;
  const auto samples = static_cast<std::uint32_t>(seconds * kRate);
  std::string data;
  for (std::uint32_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / kRate,
                 beat = std::fmod(t * (1.5 + number % 5 * 0.2), 1);
    double sum = 0;
    for (const double interval : {1.0, 1.26, 1.5})
      sum += std::sin(2 * 3.14159265 * 110 * std::exp2(number % 24 / 12.0) * interval * t);
    append_le(data, static_cast<std::uint16_t>(
                        static_cast<std::int16_t>(8'000 * sum * std::exp(-4 * beat) + number)));
  }
  std::string out = "RIFF";
  append_le(out, static_cast<std::uint32_t>(36 + data.size()));
  out += "WAVEfmt ";
  append_le(out, std::uint32_t{16});
  append_le(out, std::uint16_t{1});  // PCM
  append_le(out, std::uint16_t{1});  // channels
  append_le(out, kRate);
  append_le(out, kRate * 2);
  append_le(out, std::uint16_t{2});
  append_le(out, std::uint16_t{16});
  out += "data";
  append_le(out, static_cast<std::uint32_t>(data.size()));
  return out + data;
}

inline void write(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace groove::fetcher::test
