// One pipelined connection to Redis: hiredis writes and reads the protocol, Asio carries it.
//
// Commands go out in order and replies come back in order; all that is sent before the next turn of
// the loop shares one write. The hand-off scripts are loaded on every connect, before anything
// else. A connection that fails answers everything in flight with kUnavailable – outcome unknown:
// every script is idempotent, so say it again or look – and is made anew on the next command.
//
// An object belongs to the thread that runs its io_context. The blocking form may only be used
// where nothing else runs that io_context.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/limits.h"
#include "workers/base/result.h"
#include "workers/store.h"

namespace groove {

// "unix:/run/groove/redis.sock" or "tcp:127.0.0.1:6379".
struct RedisAddress {
  std::string unix_path;  // not empty: this one
  std::string host;
  std::string port;
  static Result<RedisAddress> parse(std::string_view text);
};

class Redis : public Store {
 public:
  using Handler = std::function<void(Result<RedisReply>)>;

  Redis(boost::asio::io_context& io, RedisAddress address,
        std::chrono::milliseconds deadline = limits::kRedisDeadline);
  ~Redis() override;
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // An error reply of Redis is kInvalid, or kUnavailable/kBusy where trying again may help
  // (LOADING, BUSY, OOM...).
  void send(RedisCommand command, Handler handler);
  boost::asio::awaitable<Result<RedisReply>> call(RedisCommand command);
  using Store::roundtrip;
  std::vector<Result<RedisReply>> roundtrip(std::vector<RedisCommand> commands) override;

 private:
  class Connection;
  std::shared_ptr<Connection> connection_;
};

}  // namespace groove
