#include "ledger/core/log_name.h"

#include <algorithm>
#include <charconv>

namespace groove::ledger {
namespace {

constexpr std::string_view kLines = "logs/";
constexpr std::size_t kLineBytes = kLines.size() + 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_line(std::string_view text) {
  return text.starts_with(kLines) && text.size() == kLineBytes &&
         std::ranges::all_of(text.substr(kLines.size()), is_digit);
}

std::optional<unsigned> parse_generation(std::string_view text) {
  constexpr std::size_t kDigitsMax = 6;
  if (text.empty() || text.size() > kDigitsMax || text[0] == '0' ||
      !std::ranges::all_of(text, is_digit))
    return std::nullopt;
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string LogName::text() const {
  if (generation == 1) return line;
  return (line.empty() ? "" : line + "/") + std::to_string(generation);
}

std::optional<LogName> parse_log_name(std::string_view text) {
  if (text.empty()) return LogName{};
  const std::string whole = std::string(text) + "/";
  const NamedPath split = split_log_name(whole);
  return split.path.empty() ? std::optional(split.log) : std::nullopt;
}

NamedPath split_log_name(std::string_view text) {
  NamedPath out{{}, text};
  if (is_line(text.substr(0, kLineBytes)) && text.substr(kLineBytes).starts_with('/')) {
    out.log.line = text.substr(0, kLineBytes);
    out.path.remove_prefix(kLineBytes + 1);
  }
  const std::size_t slash = out.path.find('/');
  if (slash == text.npos) return out;
  if (const auto generation = parse_generation(out.path.substr(0, slash))) {
    out.log.generation = *generation;
    out.path.remove_prefix(slash + 1);
  }
  return out;
}

}  // namespace groove::ledger
