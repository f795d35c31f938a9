// Base64 (RFC 4648 §4, padded). Decoding is strict: one text for each bytes, so that a signed text
// cannot be written in two ways.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace groove::ledger {

std::string to_base64(std::string_view bytes);
// Nothing unless `text` is exactly what to_base64 writes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace groove::ledger
