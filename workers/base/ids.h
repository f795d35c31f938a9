// The identities that travel through the house, each its own type so none passes for another.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace groove {

// A listener: 64 bits of SHA-256 over how they signed in ("name:ada", later "spotify:<account>").
struct ListenerId {
  std::uint64_t value = 0;
  auto operator<=>(const ListenerId&) const = default;
};

// One accepted event, chosen by whoever sends it (a UUID); the idempotency key everywhere.
struct EventId {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const EventId&) const = default;
};

// A SHA-256 digest.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
};

inline constexpr std::uint32_t kPartitionCount = 256;  // fixed for ever: it is in every key

// splitmix64's finaliser (Steele, Lea & Flood 2014): spreads listeners over partitions evenly.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::uint32_t partition_of(ListenerId listener) {
  return static_cast<std::uint32_t>(mix64(listener.value) % kPartitionCount);
}

std::string to_hex(std::string_view bytes);
std::string to_string(ListenerId listener);   // 16 hex digits
std::string to_string(const EventId& event);  // UUID text, 8-4-4-4-12
std::string to_string(const Digest& digest);  // 64 hex digits
std::string_view as_bytes(const EventId& event);
std::string_view as_bytes(const Digest& digest);

// Nothing when the text is not exactly the form that to_string writes (upper case is accepted).
std::optional<EventId> parse_event_id(std::string_view uuid);
std::optional<ListenerId> parse_listener_id(std::string_view hex);
std::optional<Digest> parse_digest(std::string_view hex);
std::optional<EventId> event_id_from_bytes(std::string_view bytes);  // exactly 16 bytes

}  // namespace groove
