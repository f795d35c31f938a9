// Byte ranges of HTTP (RFC 9110, 14): which part of a body a request asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/request.h"

namespace groove::gateway {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  bool operator==(const ByteRange&) const = default;
};

struct RangeChoice {
  int status = 200;  // the whole; 206 a part; 304 it is still the one; 416 no such part
  ByteRange range;   // what to send
};

// What to send of a body of `size` bytes that bears the strong entity tag `tag`: by If-None-Match,
// Range and If-Range. Several ranges at once, and a Range that is none, are answered with the
// whole, as a server may.
RangeChoice choose_range(const Request& request, std::uint64_t size, std::string_view tag);

// The value of Content-Range for a part, or for 416.
std::string content_range(const RangeChoice& choice, std::uint64_t size);

}  // namespace groove::gateway
