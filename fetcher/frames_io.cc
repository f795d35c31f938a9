#include "fetcher/frames_io.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "workers/base/bytes.h"

namespace groove::fetcher {

std::optional<std::string> read_frame(int fd) {
  std::string received;
  bool broken = false;
  while (!broken) {
    if (auto frame = take_frame(received, broken)) return frame;
    std::array<char, 64 * 1024> piece;
    const ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    received.append(piece.data(), static_cast<std::size_t>(n));
  }
  return std::nullopt;
}

bool write_frame(int fd, std::string_view message) {
  std::string frame;
  append_le(frame, static_cast<std::uint32_t>(message.size()));
  frame += message;
  std::string_view rest = frame;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::optional<std::string> take_frame(std::string& received, bool& broken) {
  constexpr std::size_t kHead = sizeof(std::uint32_t);
  if (received.size() < kHead) return std::nullopt;
  const std::size_t size = read_le<std::uint32_t>(received, 0);
  broken = size > kFrameBytesMax;
  if (broken || received.size() < kHead + size) return std::nullopt;
  std::string frame = received.substr(kHead, size);
  received.erase(0, kHead + size);
  return frame;
}

}  // namespace groove::fetcher
