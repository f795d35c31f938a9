// Redis, be it one server or a cluster: commands in, replies out, pipelined.
//
// A command goes to the node that holds its key. MOVED and ASK are followed, TRYAGAIN (a slot is
// just being moved) is tried again for a second, scripts that Redis has forgotten are loaded again;
// everything else that may pass is kUnavailable – outcome unknown: every script is idempotent, so
// say it again or look.
//
// An object belongs to the thread that runs its io_context. The blocking form may only be used
// where nothing else runs that io_context.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "workers/base/limits.h"
#include "workers/base/result.h"
#include "workers/redis_address.h"
#include "workers/store.h"

namespace groove {

class Redis : public Store {
 public:
  using Handler = std::function<void(Result<RedisReply>)>;

  Redis(boost::asio::io_context& io, RedisAddress address,
        std::chrono::milliseconds deadline = limits::kRedisDeadline);
  ~Redis() override;
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // Called whenever a connection is made anew or slots have another owner: Redis may have lost what
  // it had acknowledged. The function says with send_urgent() again what `concerns` that part of
  // Redis, and then calls `settled`: only then is anything else said there. False: it could not be
  // said, and neither is the rest.
  using Concerns = std::function<bool(const RedisCommand&)>;
  using Settled = std::function<void(bool)>;
  using NewLink = std::function<void(const Concerns& concerns, Settled settled)>;
  void on_new_link(NewLink function);

  // An error that Redis says is kInvalid, or kUnavailable where trying again may help.
  void send(RedisCommand command, Handler handler);
  // As send(), and not held back while a new link is settled.
  void send_urgent(RedisCommand command, Handler handler);
  // As send(), and done only when as many replicas hold it as the address asks for; kUnavailable
  // when they do not within limits::kReplicaDeadline (it may still be done).
  void send_replicated(RedisCommand command, Handler handler);
  boost::asio::awaitable<Result<RedisReply>> call(RedisCommand command);
  boost::asio::awaitable<Result<RedisReply>> call_replicated(RedisCommand command);

  using Store::roundtrip;
  std::vector<Result<RedisReply>> roundtrip(std::vector<RedisCommand> commands) override;

 private:
  class Router;
  boost::asio::io_context& io_;
  std::shared_ptr<Router> router_;
};

}  // namespace groove
