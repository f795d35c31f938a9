// One HTTP exchange with the world outside: http and https (the system's certificates), a
// connection for each. Blocks its thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workers/base/result.h"

namespace groove {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds patience = std::chrono::seconds(15);  // for all of it, DNS apart
  std::uint64_t answer_bytes_max = 64 * 1024 * 1024;
  std::function<bool()> stop = nullptr;  // asked now and then; true gives up
};

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};

  // The first of that name, whatever its case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

// Redirects are not followed. Errors: kInvalid (not such a URL), kUnavailable (no connection, no
// answer in time, one that is too long, or `stop` said so). No error has the URL's path or query in
// it, nor anything that was sent.
Result<HttpReply> http_exchange(const HttpRequest& request);
using HttpExchange = std::function<Result<HttpReply>(const HttpRequest&)>;

}  // namespace groove
