// Whether bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most
// U+10FFFF). Text from outside is checked once, where it comes in.
#pragma once

#include <string>
#include <string_view>

namespace groove {

bool valid_utf8(std::string_view text);

// `text` with U+FFFD in place of each byte that is not UTF-8.
std::string mended_utf8(std::string_view text);

}  // namespace groove
