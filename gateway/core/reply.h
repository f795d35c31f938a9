// An HTTP answer as a plain value, and the head it goes out with. Every answer carries the security
// headers; nothing may be stored by a cache unless the answer says so itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/request.h"

namespace groove::gateway {

struct Reply {
  int status = 200;
  std::vector<Field> headers;  // besides those that head() adds
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of `body`: what many answers share

  std::string_view bytes() const { return shared_body ? *shared_body : std::string_view(body); }
};

Reply json_reply(int status, std::string body);

// Problem details (RFC 9457). `detail` is a sentence that says what to do. `more` is further
// members as JSON text, each with its leading comma.
Reply problem(int status, std::string_view detail, std::string_view more = {});
// 429 or 503: come back later.
Reply come_back(int status, std::string_view detail, std::chrono::seconds after);

std::string_view reason(int status);

struct Framing {
  bool keep_alive = true;
  bool endless = false;  // an event stream: no length, ends with the connection
  std::optional<std::uint64_t> length = std::nullopt;  // of a body that is not in the reply
};
// Status line and headers with the empty line at the end.
std::string head(const Reply& reply, Framing framing);

}  // namespace groove::gateway
