// Messages over a pipe: a u32 length, little-endian, and the bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace groove::fetcher {

inline constexpr std::size_t kFrameBytesMax = 16 * 1024 * 1024;

// Waits for a whole one. Nothing at the end of the pipe, or when what comes is no frame.
std::optional<std::string> read_frame(int fd);
// False: the other side has gone.
bool write_frame(int fd, std::string_view message);

// Takes the first frame out of what came so far. Nothing while it is not whole; `broken` is set
// when it never will be.
std::optional<std::string> take_frame(std::string& received, bool& broken);

}  // namespace groove::fetcher
