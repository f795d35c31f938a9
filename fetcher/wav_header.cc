#include "fetcher/wav_header.h"

#include <cstdint>
#include <fstream>
#include <string>

#include "workers/base/bytes.h"

namespace groove::fetcher {
namespace {

constexpr std::uint32_t kOpenLength = 0x7fff'0000;  // and more: nobody knew
constexpr int kChunksMax = 64;                      // before the sound

std::string next(std::ifstream& in, std::size_t count) {
  std::string bytes(count, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

}  // namespace

double wav_stated_seconds(const std::filesystem::path& file) {
  constexpr std::size_t kByteRateAt = 8, kFormatBytes = 16;
  std::ifstream in(file, std::ios::binary);
  const std::string riff = next(in, 12);
  if (!riff.starts_with("RIFF") || !riff.ends_with("WAVE")) return 0;
  std::uint32_t byte_rate = 0;
  for (int i = 0; i < kChunksMax; ++i) {
    const std::string chunk = next(in, 8);
    if (chunk.size() < 8) return 0;
    const auto size = read_le<std::uint32_t>(chunk, 4);
    if (chunk.starts_with("data"))
      return byte_rate == 0 || size >= kOpenLength ? 0 : static_cast<double>(size) / byte_rate;
    const auto after = in.tellg() + static_cast<std::streamoff>(size + std::uint64_t{size % 2});
    if (chunk.starts_with("fmt ")) {
      const std::string format = next(in, kFormatBytes);
      if (format.size() == kFormatBytes) byte_rate = read_le<std::uint32_t>(format, kByteRateAt);
    }
    in.seekg(after);
  }
  return 0;
}

}  // namespace groove::fetcher
