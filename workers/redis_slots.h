// Which node of a Redis Cluster holds which keys, as far as we know. Pure.
// The hash: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "workers/redis_address.h"
#include "workers/store.h"

namespace groove {

inline constexpr std::size_t kRedisSlots = 16'384;

// CRC16 (XMODEM) of the part between the first { and the next }, or of all of it.
std::uint16_t redis_slot(std::string_view key);

// The key that decides where a command goes; nothing for those that any node answers. Knows the
// commands that Groove uses: all have their key first, or after the count of an EVALSHA.
std::optional<std::string_view> routing_key(const RedisCommand& command);

// "MOVED 3999 127.0.0.1:6381" and "ASK ...": where to ask instead. `asked`: an answer without a
// host means the node that gave it.
struct RedisRedirect {
  bool ask = false;
  std::uint16_t slot = 0;
  RedisNode node;
};
std::optional<RedisRedirect> redirect(std::string_view error, const RedisNode& asked);

class RedisSlots {
 public:
  const RedisNode* owner(std::uint16_t slot) const;
  // True when that is news.
  bool set_owner(std::uint16_t slot, const RedisNode& node);
  // From the reply to CLUSTER SLOTS, which `asked` gave. True when any slot has another owner now;
  // a reply of another shape changes nothing.
  bool learn(const RedisReply& reply, const RedisNode& asked);
  const std::vector<RedisNode>& nodes() const { return nodes_; }

 private:
  std::uint16_t number_of(const RedisNode& node);

  static constexpr std::uint16_t kNobody = 0xffff;
  std::vector<RedisNode> nodes_;  // all that ever owned a slot; few
  std::array<std::uint16_t, kRedisSlots> owners_ = [] {
    std::array<std::uint16_t, kRedisSlots> nobody;
    nobody.fill(kNobody);
    return nobody;
  }();
};

}  // namespace groove
