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

// What every kind has once it is open.
template <class Socket>
class OpenStream : public RedisStream {
 public:
  void read_some(std::span<char> into, DoneSome done) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
  }
  void write_all(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes),
                      [done = std::move(done)](error_code error, std::size_t) { done(error); });
  }
  void close() override {
    error_code ignored;
    socket_.lowest_layer().close(ignored);
  }

 protected:
  template <class... Arguments>
  explicit OpenStream(Arguments&&... arguments) : socket_(std::forward<Arguments>(arguments)...) {}

  Socket socket_;
};

class UnixStream final : public OpenStream<asio::local::stream_protocol::socket> {
 public:
  UnixStream(asio::io_context& io, const std::string& path) : OpenStream(io), path_(path) {}
  void connect(Done done) override { socket_.async_connect(path_, std::move(done)); }

 private:
  asio::local::stream_protocol::endpoint path_;
};

// Finds the host, then connects.
template <class Socket>
class HostStream : public OpenStream<Socket> {
 public:
  void connect(RedisStream::Done done) override {
    resolver_.async_resolve(
        node_.host, node_.port,
        [this, done = std::move(done)](error_code error, const Tcp::resolver::results_type& found) {
          if (error) return done(error);
          asio::async_connect(
              this->socket_.lowest_layer(), found, [this, done](error_code failed, const auto&) {
                error_code ignored;
                if (failed) return done(failed);
                this->socket_.lowest_layer().set_option(Tcp::no_delay(true), ignored);
                greet(done);
              });
        });
  }
  void close() override {
    resolver_.cancel();
    OpenStream<Socket>::close();
  }

 protected:
  template <class... Arguments>
  HostStream(asio::io_context& io, RedisNode node, Arguments&... arguments)
      : OpenStream<Socket>(io, arguments...), node_(std::move(node)), resolver_(io) {}
  virtual void greet(RedisStream::Done done) = 0;

  const RedisNode node_;

 private:
  Tcp::resolver resolver_;
};

class TcpStream final : public HostStream<Tcp::socket> {
 public:
  TcpStream(asio::io_context& io, RedisNode node) : HostStream(io, std::move(node)) {}

 private:
  void greet(Done done) override { done({}); }
};

class TlsStream final : public HostStream<asio::ssl::stream<Tcp::socket>> {
 public:
  TlsStream(asio::io_context& io, RedisNode node, asio::ssl::context& tls)
      : HostStream(io, std::move(node), tls) {}

 private:
  void greet(Done done) override {
    SSL_set_tlsext_host_name(socket_.native_handle(), node_.host.c_str());
    socket_.set_verify_callback(asio::ssl::host_name_verification(node_.host));
    socket_.async_handshake(asio::ssl::stream_base::client, std::move(done));
  }
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
