#include "ledger/http.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>

namespace groove::ledger {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto kPatience = std::chrono::seconds(15);
constexpr std::uint64_t kBodyBytesMax = 64 * 1024 * 1024;

struct Target {
  bool tls = false;
  std::string host, port, path;
};

Result<Target> parse(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || (url->scheme() != "http" && url->scheme() != "https") || url->host().empty())
    return fail(Errc::kInvalid, text + " is not an http or https address");
  const bool tls = url->scheme() == "https";
  const std::string port(url->port());
  const std::string path(url->encoded_target());
  return Target{tls, url->host(), port.empty() ? (tls ? "443" : "80") : port,
                path.empty() ? "/" : path};
}

http::request<http::string_body> request_for(const Target& target, const std::string* body) {
  http::request<http::string_body> request(body ? http::verb::post : http::verb::get, target.path,
                                           11);
  const bool usual = target.port == (target.tls ? "443" : "80");
  request.set(http::field::host, usual ? target.host : target.host + ":" + target.port);
  request.set(http::field::user_agent, "groove-ledger");
  request.set(http::field::connection, "close");
  if (body) {
    request.set(http::field::content_type, "application/octet-stream");
    request.body() = *body;
  }
  request.prepare_payload();
  return request;
}

class Connection {
 public:
  Result<HttpReply> run(const Target& target, const std::string* body) {
    error_code error;
    const auto places = asio::ip::tcp::resolver(io_).resolve(target.host, target.port, error);
    if (error) return failed(target, error);
    beast::tcp_stream plain(io_);
    if (!target.tls) {
      if (error = connect(plain, places); error) return failed(target, error);
      return talk(plain, target, body);
    }
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_default_verify_paths(error);
    context.set_verify_mode(asio::ssl::verify_peer);
    beast::ssl_stream<beast::tcp_stream> secure(io_, context);
    secure.set_verify_callback(asio::ssl::host_name_verification(target.host));
    ::SSL_set_tlsext_host_name(secure.native_handle(), target.host.c_str());
    if (error = connect(secure.next_layer(), places); error) return failed(target, error);
    error = wait([&](auto done) {
      secure.async_handshake(asio::ssl::stream_base::client, [done](error_code e) { done(e); });
    });
    return error ? failed(target, error) : talk(secure, target, body);
  }

 private:
  // Beast's time limits hold for asynchronous calls only, so each is one, waited for.
  template <class Start>
  error_code wait(Start start) {
    error_code result = asio::error::operation_aborted;
    start([&result](error_code e) { result = e; });
    io_.restart();
    io_.run();
    return result;
  }

  template <class Places>
  error_code connect(beast::tcp_stream& stream, const Places& places) {
    stream.expires_after(kPatience);
    return wait([&](auto done) {
      stream.async_connect(places, [done](error_code e, const auto&) { done(e); });
    });
  }

  template <class Stream>
  Result<HttpReply> talk(Stream& stream, const Target& target, const std::string* body) {
    const auto request = request_for(target, body);
    error_code error = wait([&](auto done) {
      http::async_write(stream, request, [done](error_code e, std::size_t) { done(e); });
    });
    if (error) return failed(target, error);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    error = wait([&](auto done) {
      http::async_read(stream, buffer, parser, [done](error_code e, std::size_t) { done(e); });
    });
    if (error) return failed(target, error);
    auto& response = parser.get();
    return HttpReply{static_cast<int>(response.result_int()),
                     std::string(response[http::field::content_type]), std::move(response.body())};
  }

  static std::unexpected<Error> failed(const Target& target, const error_code& error) {
    return fail(Errc::kUnavailable,
                target.host + ":" + target.port + " does not answer: " + error.message());
  }

  asio::io_context io_;
};

}  // namespace

Result<HttpReply> exchange(const std::string& url, const std::string* body) {
  const auto target = parse(url);
  if (!target) return std::unexpected(target.error());
  return Connection().run(*target, body);
}

}  // namespace groove::ledger
