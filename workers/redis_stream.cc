#include "workers/redis_stream.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

namespace groove {
namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

class UnixStream final : public RedisStream {
 public:
  UnixStream(asio::io_context& io, const std::string& path) : socket_(io), path_(path) {}

  void connect(Done done) override { socket_.async_connect(path_, std::move(done)); }
  void read_some(std::span<char> into, DoneSome done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write_all(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes),
                      [done = std::move(done)](error_code error, std::size_t) { done(error); });
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  asio::local::stream_protocol::socket socket_;
  asio::local::stream_protocol::endpoint path_;
};

// The part of TCP and TLS that is the same: find the host, then connect.
void connect_tcp(Tcp::resolver& resolver, Tcp::socket& socket, const RedisNode& node,
                 RedisStream::Done done) {
  resolver.async_resolve(node.host, node.port,
                         [&socket, done = std::move(done)](
                             error_code error, const Tcp::resolver::results_type& found) {
                           if (error) return done(error);
                           asio::async_connect(socket, found,
                                               [&socket, done](error_code failed, const auto&) {
                                                 error_code ignored;
                                                 if (!failed)
                                                   socket.set_option(Tcp::no_delay(true), ignored);
                                                 done(failed);
                                               });
                         });
}

class TcpStream final : public RedisStream {
 public:
  TcpStream(asio::io_context& io, RedisNode node)
      : socket_(io), resolver_(io), node_(std::move(node)) {}

  void connect(Done done) override { connect_tcp(resolver_, socket_, node_, std::move(done)); }
  void read_some(std::span<char> into, DoneSome done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write_all(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes),
                      [done = std::move(done)](error_code error, std::size_t) { done(error); });
  }
  void close() override {
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Tcp::socket socket_;
  Tcp::resolver resolver_;
  RedisNode node_;
};

class TlsStream final : public RedisStream {
 public:
  TlsStream(asio::io_context& io, RedisNode node, asio::ssl::context& tls)
      : stream_(io, tls), resolver_(io), node_(std::move(node)) {}

  void connect(Done done) override {
    connect_tcp(resolver_, stream_.next_layer(), node_,
                [this, done = std::move(done)](error_code error) {
                  if (error) return done(error);
                  SSL_set_tlsext_host_name(stream_.native_handle(), node_.host.c_str());
                  stream_.set_verify_callback(asio::ssl::host_name_verification(node_.host));
                  stream_.async_handshake(asio::ssl::stream_base::client, done);
                });
  }
  void read_some(std::span<char> into, DoneSome done) override {
    stream_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write_all(std::string_view bytes, Done done) override {
    asio::async_write(stream_, asio::buffer(bytes),
                      [done = std::move(done)](error_code error, std::size_t) { done(error); });
  }
  void close() override {
    resolver_.cancel();
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  asio::ssl::stream<Tcp::socket> stream_;
  Tcp::resolver resolver_;
  RedisNode node_;
};

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> make_tls(const RedisAddress& address) {
  if (!address.tls) return nullptr;
  auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  tls->set_verify_mode(asio::ssl::verify_peer);
  error_code error;
  const auto tell = [&](const std::filesystem::path& file) {
    return fail(Errc::kInvalid,
                fmt::format("{} for Redis cannot be used: {}", file.string(), error.message()));
  };
  if (address.ca.empty())
    tls->set_default_verify_paths(error);
  else
    tls->load_verify_file(address.ca.string(), error);
  if (error) return tell(address.ca);
  if (!address.cert.empty() && tls->use_certificate_chain_file(address.cert.string(), error))
    return tell(address.cert);
  if (!address.key.empty() &&
      tls->use_private_key_file(address.key.string(), asio::ssl::context::pem, error))
    return tell(address.key);
  return tls;
}

std::shared_ptr<RedisStream> make_redis_stream(asio::io_context& io, const std::string& unix_path,
                                               const RedisNode& node, asio::ssl::context* tls) {
  if (!unix_path.empty()) return std::make_shared<UnixStream>(io, unix_path);
  if (tls != nullptr) return std::make_shared<TlsStream>(io, node, *tls);
  return std::make_shared<TcpStream>(io, node);
}

}  // namespace groove
