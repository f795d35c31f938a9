#include "gateway/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "gateway/connection.h"

namespace groove::gateway {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Told to whom the cap turns away; one write into an empty socket buffer does not block.
void turn_away(tcp::socket socket) {
  static const std::string text = [] {
    const Reply reply =
        come_back(503, "Too many connections; come back in a moment.", std::chrono::seconds(1));
    return head(reply, {.keep_alive = false}) + reply.body;
  }();
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

Server::Server(asio::io_context& io, Service& service, ServerOptions options)
    : io_(io), service_(service), options_(options), acceptor_(io), sweep_(io), pause_(io) {}

Server::~Server() = default;

Status Server::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return fail(Errc::kInvalid, "'" + address + "' is not an IP address.");
  const tcp::endpoint endpoint(ip, port);
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(Errc::kUnavailable, "Cannot listen on " + address + " port " +
                                        std::to_string(port) + ": " + error.message());
  asio::co_spawn(io_, accept_loop(), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  sweep_later();
  return {};
}

std::uint16_t Server::port() const { return acceptor_.local_endpoint().port(); }

void Server::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->stop();
}

asio::awaitable<void> Server::accept_loop() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of file descriptors, most likely: wait until some are free
      pause_.expires_after(std::chrono::milliseconds(50));
      co_await pause_.async_wait(kAwait);
      continue;
    }
    if (connections_.size() >= options_.connections_max) {
      turn_away(std::move(socket));
      continue;
    }
    auto connection = std::make_shared<Connection>(std::move(socket), service_, options_);
    connections_.insert(connection);
    asio::co_spawn(io_, connection->run(), [this, connection](std::exception_ptr failure) {
      connections_.erase(connection);
      if (failure) std::rethrow_exception(failure);
    });
  }
}

void Server::sweep_later() {
  sweep_.expires_after(options_.sweep);
  sweep_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& connection : connections_) connection->enforce_deadline(now);
    sweep_later();
  });
}

}  // namespace groove::gateway
