#include "workers/base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace groove {
namespace {

// What may follow a lead byte: how many bytes, and the range of the first of them (Unicode 15,
// table 3-7). The narrowed ranges are what excludes overlong forms, surrogates and beyond U+10FFFF.
struct Following {
  std::size_t count = 0;
  std::uint8_t low = 0x80, high = 0xBF;
};

Following following(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

// The size of the character at the front of `text`; 0 when what stands there is none.
std::size_t character(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  const Following next = following(lead);
  if (next.count == 0 || text.size() <= next.count) return 0;
  for (std::size_t k = 1; k <= next.count; ++k) {
    const auto byte = static_cast<std::uint8_t>(text[k]);
    if (byte < (k == 1 ? next.low : 0x80) || byte > (k == 1 ? next.high : 0xBF)) return 0;
  }
  return 1 + next.count;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string mended_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = character(text);
    out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

}  // namespace groove
