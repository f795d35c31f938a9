// Music files made at test time by the ffmpeg program, from samples the test chose.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "workers/base/check.h"

namespace groove::fetcher {

// A WAV file of 16 bits: `channels` spans of the same length.
inline void write_wav(const std::filesystem::path& path,
                      std::span<const std::vector<float>> channels, int rate) {
  std::ofstream out(path, std::ios::binary);
  const auto number = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.put(static_cast<char>(value >> (8 * i)));
  };
  const auto count = static_cast<std::uint32_t>(channels.size());
  const auto bytes = static_cast<std::uint32_t>(channels[0].size()) * 2 * count;
  out << "RIFF";
  number(36 + bytes, 4);
  out << "WAVEfmt ";
  number(16, 4), number(1, 2), number(count, 2), number(static_cast<std::uint32_t>(rate), 4);
  number(static_cast<std::uint32_t>(rate) * 2 * count, 4), number(2 * count, 2), number(16, 2);
  out << "data";
  number(bytes, 4);
  for (std::size_t i = 0; i < channels[0].size(); ++i)
    for (const auto& channel : channels)
      number(static_cast<std::uint32_t>(static_cast<std::int32_t>(channel[i] * 32767)), 2);
  GROOVE_CHECK(out.good());
}

// Runs `ffmpeg` on one file to make another; `options` stand before the output's name.
inline void ffmpeg(const std::filesystem::path& from, const std::string& options,
                   const std::filesystem::path& to) {
  const std::string command = "timeout 60 ffmpeg -nostdin -loglevel error -y -i '" + from.string() +
                              "' " + options + " '" + to.string() + "'";
  GROOVE_CHECK(std::system(command.c_str()) == 0);
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  GROOVE_CHECK(out.good());
}

}  // namespace groove::fetcher
