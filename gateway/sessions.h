// Sessions in Redis: {sess}:<hash of the token> holds who it is, with an expiry. Any gateway can
// serve any browser.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/session_rules.h"
#include "workers/base/clock.h"
#include "workers/redis.h"

namespace groove::gateway {

// The listener who signs in by this name: case and accents do not matter.
// Requires: `name` is as clean_name() returns it.
ListenerId listener_named(std::string_view name);

class Sessions {
 public:
  Sessions(Redis& redis, const Clock& clock) : redis_(redis), clock_(clock) {}

  struct Begun {
    Session session;
    std::string token;
  };
  // All errors are kUnavailable: the store cannot be reached.
  boost::asio::awaitable<Result<Begun>> begin(ListenerId listener, std::string name);
  boost::asio::awaitable<Result<std::optional<Session>>> find(std::string token);
  boost::asio::awaitable<Status> end(std::string token);

 private:
  std::int64_t now_s() const { return clock_.unix_us() / 1'000'000; }

  Redis& redis_;
  const Clock& clock_;
};

}  // namespace groove::gateway
