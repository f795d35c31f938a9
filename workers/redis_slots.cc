#include "workers/redis_slots.h"

#include <algorithm>
#include <charconv>

namespace groove {
namespace {

std::uint16_t crc16(std::string_view bytes) {
  std::uint16_t crc = 0;
  for (const char c : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ (static_cast<unsigned char>(c) << 8));
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
  }
  return crc;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// A part of the map: [first, last, [host, port, ...], replicas...].
struct Range {
  std::uint16_t first = 0, last = 0;
  RedisNode node;
};

std::optional<Range> read_range(const RedisReply& reply, const RedisNode& asked) {
  using Kind = RedisReply::Kind;
  const auto& parts = reply.list;
  if (parts.size() < 3 || parts[0].kind != Kind::kInteger || parts[1].kind != Kind::kInteger ||
      parts[2].list.size() < 2 || parts[2].list[1].kind != Kind::kInteger)
    return std::nullopt;
  if (parts[0].integer < 0 || parts[0].integer > parts[1].integer ||
      parts[1].integer >= static_cast<std::int64_t>(kRedisSlots))
    return std::nullopt;
  const std::string& host = parts[2].list[0].text;
  return Range{static_cast<std::uint16_t>(parts[0].integer),
               static_cast<std::uint16_t>(parts[1].integer),
               {host.empty() ? asked.host : host, std::to_string(parts[2].list[1].integer)}};
}

}  // namespace

std::uint16_t redis_slot(std::string_view key) {
  if (const std::size_t open = key.find('{'); open != std::string_view::npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close > open + 1)
      key = key.substr(open + 1, close - open - 1);
  }
  return crc16(key) % kRedisSlots;
}

std::optional<std::string_view> routing_key(const RedisCommand& command) {
  const std::string& what = command.front();
  if (what == "EVALSHA") return command.size() > 3 ? std::optional(command[3]) : std::nullopt;
  if (what == "PING" || what == "SCRIPT" || what == "CLUSTER" || what == "INFO" ||
      command.size() < 2)
    return std::nullopt;
  return command[1];
}

std::optional<RedisRedirect> redirect(std::string_view error, const RedisNode& asked) {
  RedisRedirect to;
  to.ask = error.starts_with("ASK ");
  if (!to.ask && !error.starts_with("MOVED ")) return std::nullopt;
  error.remove_prefix(error.find(' ') + 1);
  const std::size_t space = error.find(' ');
  if (space == std::string_view::npos || !read_number(error.substr(0, space), to.slot) ||
      to.slot >= kRedisSlots)
    return std::nullopt;
  const std::string_view where = error.substr(space + 1);
  const std::size_t colon = where.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == where.size()) return std::nullopt;
  to.node = {colon == 0 ? asked.host : std::string(where.substr(0, colon)),
             std::string(where.substr(colon + 1))};
  return to;
}

const RedisNode* RedisSlots::owner(std::uint16_t slot) const {
  return owners_[slot] == kNobody ? nullptr : &nodes_[owners_[slot]];
}

std::uint16_t RedisSlots::number_of(const RedisNode& node) {
  const auto found = std::ranges::find(nodes_, node);
  if (found != nodes_.end()) return static_cast<std::uint16_t>(found - nodes_.begin());
  nodes_.push_back(node);
  return static_cast<std::uint16_t>(nodes_.size() - 1);
}

bool RedisSlots::set_owner(std::uint16_t slot, const RedisNode& node) {
  const std::uint16_t number = number_of(node);
  return std::exchange(owners_[slot], number) != number;
}

bool RedisSlots::learn(const RedisReply& reply, const RedisNode& asked) {
  std::vector<Range> ranges;
  for (const RedisReply& part : reply.list) {
    const auto range = read_range(part, asked);
    if (!range) return false;
    ranges.push_back(*range);
  }
  bool news = false;
  for (const Range& range : ranges)
    for (std::uint32_t slot = range.first; slot <= range.last; ++slot)
      news = set_owner(static_cast<std::uint16_t>(slot), range.node) || news;
  return news;
}

}  // namespace groove
