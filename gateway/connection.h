// One client's connection: reads requests one after the other, answers each in turn.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "gateway/server.h"
#include "gateway/service.h"

namespace groove::gateway {

class Connection {
 public:
  using Time = std::chrono::steady_clock;

  Connection(boost::asio::ip::tcp::socket socket, Service& service, const ServerOptions& options);

  // Until the client leaves, breaks the rules, or the server stops. The connection outlives it.
  boost::asio::awaitable<void> run();

  // Ends what the connection waits for when its deadline has passed.
  void enforce_deadline(Time::time_point now);
  // No further request; at once when none is under way.
  void stop();

 private:
  class Body;
  struct Head {
    Request request;
    std::uint64_t body_size = 0;
    bool keep_alive = true;
  };

  boost::asio::awaitable<std::expected<Head, Reply>> read_head();
  boost::asio::awaitable<bool> read_more();
  std::expected<Head, Reply> parse_head(std::size_t size);
  boost::asio::awaitable<bool> answer(Head head);
  boost::asio::awaitable<bool> send(const Reply& reply, Framing framing, bool body_wanted);
  boost::asio::awaitable<bool> write(std::string_view head, std::string_view body);
  boost::asio::awaitable<bool> send_pieces(BodySource& body);
  boost::asio::awaitable<void> feed(std::shared_ptr<EventStream> stream);
  boost::asio::awaitable<void> part();
  void allow(std::chrono::milliseconds time) { deadline_ = Time::now() + time; }
  void close();

  boost::asio::ip::tcp::socket socket_;
  Service& service_;
  const ServerOptions& options_;
  std::string received_;  // and not used yet
  Time::time_point deadline_;
  bool in_request_ = false, stopping_ = false;
};

}  // namespace groove::gateway
