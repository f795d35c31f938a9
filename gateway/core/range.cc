#include "gateway/core/range.h"

#include <algorithm>
#include <charconv>

namespace groove::gateway {
namespace {

constexpr std::string_view kUnit = "bytes=";

struct Asked {  // "first-last", "first-" or "-count"
  std::optional<std::uint64_t> first, last;
};

// Nothing unless it is digits and nothing else.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Asked> parse(std::string_view text) {
  if (text.size() <= kUnit.size() || !same_ignoring_case(text.substr(0, kUnit.size()), kUnit))
    return std::nullopt;
  text = trimmed(text.substr(kUnit.size()));
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const std::string_view first = text.substr(0, dash), last = text.substr(dash + 1);
  const Asked asked{number(first), number(last)};
  const bool sound = (first.empty() || asked.first) && (last.empty() || asked.last) &&
                     (asked.first || asked.last) &&
                     !(asked.first && asked.last && *asked.first > *asked.last);
  if (!sound) return std::nullopt;
  return asked;
}

// Nothing when no byte of the body is in it.
std::optional<ByteRange> within(const Asked& asked, std::uint64_t size) {
  if (!asked.first) {
    const std::uint64_t count = std::min(*asked.last, size);
    if (count == 0) return std::nullopt;
    return ByteRange{size - count, count};
  }
  if (*asked.first >= size) return std::nullopt;
  const std::uint64_t last = std::min(asked.last.value_or(size - 1), size - 1);
  return ByteRange{*asked.first, last - *asked.first + 1};
}

bool names(std::string_view list, std::string_view tag) {
  if (trimmed(list) == "*") return true;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = trimmed(list.substr(0, comma));
    if (item.starts_with("W/")) item.remove_prefix(2);  // the weak comparison
    if (item == tag) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

RangeChoice choose_range(const Request& request, std::uint64_t size, std::string_view tag) {
  if (const auto seen = request.header("If-None-Match"); !seen.empty() && names(seen, tag))
    return {304, {}};
  const RangeChoice whole{200, {0, size}};
  const auto asked = parse(trimmed(request.header("Range")));
  if (!asked || request.header_count("Range") != 1) return whole;
  const std::string_view only_if = trimmed(request.header("If-Range"));
  if (!only_if.empty() && only_if != tag) return whole;
  const auto part = within(*asked, size);
  return part ? RangeChoice{206, *part} : RangeChoice{416, {}};
}

std::string content_range(const RangeChoice& choice, std::uint64_t size) {
  const ByteRange& range = choice.range;
  const std::string part = choice.status == 416 ? "*"
                                                : std::to_string(range.first) + "-" +
                                                      std::to_string(range.first + range.count - 1);
  return "bytes " + part + "/" + std::to_string(size);
}

}  // namespace groove::gateway
