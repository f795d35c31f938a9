// The HTTP server: accepts connections up to a cap, gives each request to the service, and holds
// everyone to their deadlines: the whole head (not each byte of it), each 64 KB of a body, the
// pause between requests, the taking of an answer. Deadlines are looked at by one sweep over all
// connections, not by a timer each: that is twice as fast, and a sweep's delay matters to nobody.
//
// Belongs to the thread that runs its io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>

#include "gateway/service.h"
#include "workers/base/limits.h"
#include "workers/base/result.h"

namespace groove::gateway {

class Connection;

struct ServerOptions {
  std::chrono::milliseconds header_deadline = limits::kHttpHeaderDeadline;
  std::chrono::milliseconds body_deadline = limits::kHttpBodyDeadline;
  std::chrono::milliseconds idle_deadline = limits::kHttpIdleDeadline;
  std::chrono::milliseconds write_deadline = limits::kHttpIdleDeadline;
  std::chrono::milliseconds heartbeat = limits::kSseHeartbeat;
  std::chrono::milliseconds sweep = std::chrono::milliseconds(100);
  std::size_t connections_max = limits::kConnectionsMax;
};

class Server {
 public:
  Server(boost::asio::io_context& io, Service& service, ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Port 0: any free one. Errors: kUnavailable (the address is taken or not ours).
  Status listen(const std::string& address, std::uint16_t port);
  std::uint16_t port() const;

  // Takes no new connections, ends idle ones, lets the others finish their request. Event streams
  // are the service's to close.
  void stop();
  bool idle() const { return connections_.empty(); }

 private:
  boost::asio::awaitable<void> accept_loop();
  void sweep_later();

  boost::asio::io_context& io_;
  Service& service_;
  ServerOptions options_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer sweep_;
  boost::asio::steady_timer pause_;
  std::set<std::shared_ptr<Connection>> connections_;
};

}  // namespace groove::gateway
