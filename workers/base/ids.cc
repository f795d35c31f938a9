#include "workers/base/ids.h"

#include <algorithm>
#include <span>

namespace groove {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool from_hex(std::string_view hex, std::span<std::uint8_t> out) {
  if (hex.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string_view as_bytes(const EventId& event) {
  return {reinterpret_cast<const char*>(event.bytes.data()), event.bytes.size()};
}

std::string_view as_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

std::string to_string(ListenerId listener) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(listener.value >> (56 - 8 * i));
  return to_hex(bytes);
}

std::string to_string(const Digest& digest) { return to_hex(as_bytes(digest)); }

std::string to_string(const EventId& event) {
  std::string hex = to_hex(as_bytes(event));
  for (const int at : {20, 16, 12, 8}) hex.insert(at, 1, '-');
  return hex;
}

std::optional<EventId> parse_event_id(std::string_view uuid) {
  if (uuid.size() != 36) return std::nullopt;
  std::string hex(uuid);
  for (const int at : {23, 18, 13, 8}) {
    if (hex[at] != '-') return std::nullopt;
    hex.erase(at, 1);
  }
  EventId event;
  if (!from_hex(hex, event.bytes)) return std::nullopt;
  return event;
}

std::optional<EventId> event_id_from_bytes(std::string_view bytes) {
  EventId event;
  if (bytes.size() != event.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), event.bytes.begin());
  return event;
}

std::optional<ListenerId> parse_listener_id(std::string_view hex) {
  std::array<std::uint8_t, 8> bytes{};
  if (!from_hex(hex, bytes)) return std::nullopt;
  ListenerId listener;
  for (const std::uint8_t byte : bytes) listener.value = listener.value << 8 | byte;
  return listener;
}

std::optional<Digest> parse_digest(std::string_view hex) {
  Digest digest;
  if (!from_hex(hex, digest.bytes)) return std::nullopt;
  return digest;
}

}  // namespace groove
