// Server-sent events as text (WHATWG HTML 9.2).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace groove::gateway {

// `id` 0: the event carries none, so it does not move the browser's Last-Event-ID. Line breaks in
// `data` become further data lines.
// Requires: no line break in `event`.
std::string sse_event(std::string_view event, std::string_view data, std::uint64_t id = 0);
std::string sse_heartbeat();
// How long the browser waits before it connects again.
std::string sse_retry(std::chrono::milliseconds wait);

// The sequence a browser last saw; 0 when the header is absent or not a number of ours.
std::uint64_t parse_last_event_id(std::string_view header);

}  // namespace groove::gateway
