// Text that is read line by line: notes, checkpoints, proofs.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace groove::ledger {

// The next line, without its newline; `text` is left after it. Nothing when no newline follows.
inline std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Digits only, no leading zero, at most 63 bits.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value >> 63 != 0)
    return std::nullopt;
  return value;
}

}  // namespace groove::ledger
