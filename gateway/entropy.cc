#include "gateway/entropy.h"

#include <sys/random.h>

#include <span>

#include "workers/base/check.h"

namespace groove::gateway {
namespace {

void fill(std::span<std::uint8_t> bytes) {
  // Up to 256 bytes getrandom neither stops half way nor fails once the system has booted.
  GROOVE_CHECK(bytes.size() <= 256);
  GROOVE_CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
}

}  // namespace

std::array<std::uint8_t, kTokenBytes> random_token_bytes() {
  std::array<std::uint8_t, kTokenBytes> bytes;
  fill(bytes);
  return bytes;
}

EventId random_event_id() {
  EventId event;
  fill(event.bytes);
  event.bytes[6] = static_cast<std::uint8_t>((event.bytes[6] & 0x0f) | 0x40);
  event.bytes[8] = static_cast<std::uint8_t>((event.bytes[8] & 0x3f) | 0x80);
  return event;
}

}  // namespace groove::gateway
