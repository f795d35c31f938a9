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

}  // namespace

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x80) continue;
    const Following next = following(lead);
    if (next.count == 0 || text.size() - i <= next.count) return false;
    for (std::size_t k = 1; k <= next.count; ++k) {
      const auto byte = static_cast<std::uint8_t>(text[i + k]);
      if (byte < (k == 1 ? next.low : 0x80) || byte > (k == 1 ? next.high : 0xBF)) return false;
    }
    i += next.count;
  }
  return true;
}

}  // namespace groove
