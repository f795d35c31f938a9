// What a request head must look like on the wire before anything reads it. Two servers that
// disagree about where a request ends can be made to see different requests (request smuggling), so
// whatever RFC 9112 lets readers interpret is refused here: bare LF or CR, folded lines, a space
// before the colon, two Content-Length, any Transfer-Encoding (411: who sends a body says how long
// it is; browsers and proxies do).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/core/reply.h"
#include "gateway/core/request.h"

namespace groove::gateway {

inline constexpr std::size_t kHeaderFieldsMax = 64;

// Where the head that starts at `bytes` ends, or what is wrong with it as far as it is there.
struct HeadScan {
  std::size_t size = 0;          // of the head with its empty line; 0: not complete yet
  std::optional<Reply> refusal;  // answer this and close
};
HeadScan scan_head(std::string_view bytes);

// Checks a parsed head: one Host, and a body length that all readers agree on.
std::optional<Reply> refuse_framing(const Request& request);

}  // namespace groove::gateway
