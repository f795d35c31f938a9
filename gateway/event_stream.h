// The events on their way to one browser: pushed by whoever has news, taken by the connection.
// Holds at most limits::kSsePendingBytesMax; a browser that reads slower than that is cut off and
// comes back with Last-Event-ID.
//
// Belongs to the thread of its executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace groove::gateway {

class EventStream {
 public:
  explicit EventStream(const boost::asio::any_io_executor& executor) : wake_(executor) {}

  void push(std::string_view text);
  // Nothing more will come; what is pending is still sent.
  void close();
  bool closed() const { return closed_; }

  // What is pending, as soon as there is something or `wait` has passed (then it is empty).
  boost::asio::awaitable<std::string> take(std::chrono::milliseconds wait);

 private:
  boost::asio::steady_timer wake_;
  std::string pending_;
  bool closed_ = false;
};

}  // namespace groove::gateway
