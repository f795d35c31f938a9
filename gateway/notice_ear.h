// Hears what the workers publish, on a thread of its own (a ZeroMQ socket has no place in Asio's
// loop), and posts it to the server's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "workers/base/guarded.h"
#include "workers/bus.h"

namespace groove::gateway {

class NoticeEar {
 public:
  // `heard` is called on the thread that runs `io`.
  NoticeEar(boost::asio::io_context& io, BusHost& host,
            std::function<void(NoticeSubscriber::Heard)> heard);

  void set_publishers(std::vector<std::string> endpoints);

 private:
  void listen(const std::stop_token& stop);

  boost::asio::io_context& io_;
  BusHost& host_;
  std::function<void(NoticeSubscriber::Heard)> heard_;
  Guarded<std::vector<std::string>> publishers_;
  std::jthread thread_;
};

}  // namespace groove::gateway
