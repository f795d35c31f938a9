// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string_view>

namespace groove::gateway {

struct Utf8Char {
  std::size_t size = 0;  // in bytes; 0: what stands there is not UTF-8
  std::uint32_t code = 0;
};

// Requires: text not empty.
Utf8Char first_utf8(std::string_view text);

}  // namespace groove::gateway
