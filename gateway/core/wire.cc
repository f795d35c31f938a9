#include "gateway/core/wire.h"

#include <algorithm>

#include "workers/base/limits.h"

namespace groove::gateway {
namespace {

constexpr std::string_view kTooLarge = "The header is too large: at most 8 KB and 64 fields.";

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

std::optional<Reply> refuse_request_line(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last || !is_token(line.substr(0, first)))
    return problem(400, "The request line is malformed.");
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits::kHttpTargetBytesMax)
    return problem(414, "The address is too long: at most 2048 bytes.");
  if (target.empty() || target.find(' ') != target.npos)
    return problem(400, "The request line is malformed.");
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return problem(version.starts_with("HTTP/") ? 505 : 400, "Speak HTTP/1.1.");
  return std::nullopt;
}

std::optional<Reply> refuse_field(std::string_view line) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  if (colon == line.size() || !is_token(line.substr(0, colon)) ||
      !is_field_value(line.substr(colon + 1)))
    return problem(400, "A header line is malformed.");
  return std::nullopt;
}

// A request line that is cut off by the limit is one whose target is too long.
Reply refuse_size(std::string_view bytes) {
  if (bytes.find('\n') == bytes.npos)
    return problem(414, "The address is too long: at most 2048 bytes.");
  return problem(431, kTooLarge);
}

}  // namespace

HeadScan scan_head(std::string_view bytes) {
  const std::string_view window = bytes.substr(0, limits::kHttpHeaderBytesMax);
  std::size_t at = 0, lines = 0;
  while (true) {
    const std::size_t end = window.find('\n', at);
    if (end == window.npos) break;
    if (end == at || window[end - 1] != '\r')
      return {0, problem(400, "Header lines end with CR LF.")};
    const std::string_view line = window.substr(at, end - 1 - at);
    at = end + 1;
    if (line.empty() && lines > 0) return {at, std::nullopt};
    auto refusal = lines == 0 ? refuse_request_line(line) : refuse_field(line);
    if (refusal) return {0, std::move(refusal)};
    if (++lines > kHeaderFieldsMax + 1) return {0, problem(431, kTooLarge)};
  }
  if (bytes.size() >= limits::kHttpHeaderBytesMax) return {0, refuse_size(window)};
  return {};
}

std::optional<Reply> refuse_framing(const Request& request) {
  if (request.header_count("Host") != 1) return problem(400, "Send exactly one Host header.");
  const std::size_t lengths = request.header_count("Content-Length");
  const std::size_t encodings = request.header_count("Transfer-Encoding");
  if (lengths + encodings > 1)
    return problem(400,
                   "Send one Content-Length or Transfer-Encoding: chunked, not both, not two.");
  if (encodings == 1) return problem(411, "Send the body with a Content-Length, not in chunks.");
  const std::string_view length = trimmed(request.header("Content-Length"));
  const bool digits = std::ranges::all_of(length, [](char c) { return c >= '0' && c <= '9'; });
  if (lengths == 1 && (length.empty() || length.size() > 18 || !digits))
    return problem(400, "Content-Length is not a number.");
  return std::nullopt;
}

}  // namespace groove::gateway
