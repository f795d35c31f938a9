#include "gateway/core/sse.h"

#include <algorithm>
#include <charconv>

#include "workers/base/check.h"

namespace groove::gateway {

std::string sse_event(std::string_view event, std::string_view data, std::uint64_t id) {
  GROOVE_CHECK(event.find_first_of("\r\n") == event.npos);
  std::string out;
  out.reserve(event.size() + data.size() + 48);
  out.append("event: ").append(event).append("\n");
  if (id != 0) out.append("id: ").append(std::to_string(id)).append("\n");
  while (true) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return out.append("\n");
}

std::string sse_heartbeat() { return ":\n\n"; }

std::string sse_retry(std::chrono::milliseconds wait) {
  return "retry: " + std::to_string(wait.count()) + "\n\n";
}

std::uint64_t parse_last_event_id(std::string_view header) {
  std::uint64_t value = 0;
  const char* const end = header.data() + header.size();
  const auto [stop, error] = std::from_chars(header.data(), end, value);
  return error == std::errc() && stop == end ? value : 0;
}

}  // namespace groove::gateway
