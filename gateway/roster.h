// Which workers there are: read from Redis every second, and at once when the bus found nobody.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "workers/bus.h"
#include "workers/redis.h"
#include "workers/stage.h"

namespace groove::gateway {

class Roster {
 public:
  // `publishers_changed` is given the endpoints where notices are published.
  Roster(boost::asio::io_context& io, Redis& redis, BusSender& sender,
         std::function<void(std::vector<std::string>)> publishers_changed);

  void start();
  // A send found nobody: look again now, at most every 50 ms.
  void look_again();

  bool has_worker(Stage stage) const { return !members_[static_cast<std::size_t>(stage)].empty(); }
  bool redis_answers() const { return redis_answers_; }

 private:
  void look();
  void look_later();
  void learn(Stage stage, const Result<RedisReply>& reply);

  Redis& redis_;
  BusSender& sender_;
  std::function<void(std::vector<std::string>)> publishers_changed_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point looked_;
  std::array<std::vector<handoff::Member>, kStages.size()> members_;
  bool redis_answers_ = false;
};

}  // namespace groove::gateway
