// The durable record as its users see it: commands in, replies out. workers/redis.h is the real
// one; the simulation of the hand-off has a modelled one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "workers/base/result.h"

namespace groove {

struct RedisReply {
  enum class Kind { kNil, kInteger, kText, kList, kError };
  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of a string, a status, or an error (which no user of a Store sees)
  std::vector<RedisReply> list;

  bool nil() const { return kind == Kind::kNil; }
};

using RedisCommand = std::vector<std::string>;

class Store {
 public:
  virtual ~Store() = default;

  // Sends all, waits for all. One Result a command, in order. kUnavailable: the outcome is unknown.
  virtual std::vector<Result<RedisReply>> roundtrip(std::vector<RedisCommand> commands) = 0;

  Result<RedisReply> roundtrip(RedisCommand command) {
    std::vector<RedisCommand> one;
    one.push_back(std::move(command));
    return std::move(roundtrip(std::move(one)).front());
  }
};

}  // namespace groove
