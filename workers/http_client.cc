#include "workers/http_client.h"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>
#include <cctype>
#include <optional>

namespace groove {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr auto kLookForStop = std::chrono::milliseconds(50);

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

http::request<http::string_body> message_of(const HttpRequest& request, const Target& target) {
  http::request<http::string_body> message(http::string_to_verb(request.method), target.path, 11);
  const bool usual = target.port == (target.tls ? "443" : "80");
  message.set(http::field::host, usual ? target.host : target.host + ":" + target.port);
  message.set(http::field::connection, "close");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

HttpReply reply_of(http::response<http::string_body>&& response) {
  HttpReply reply{static_cast<int>(response.result_int()), {}, {}};
  for (const auto& field : response) reply.headers.emplace_back(field.name_string(), field.value());
  reply.body = std::move(response.body());
  return reply;
}

class Connection {
 public:
  Connection(const HttpRequest& request, Target target)
      : request_(request), target_(std::move(target)) {}

  Result<HttpReply> run() {
    error_code error;
    const auto places = asio::ip::tcp::resolver(io_).resolve(target_.host, target_.port, error);
    if (error) return failed(error);
    beast::tcp_stream plain(io_);
    if (!target_.tls) {
      if (error = connect(plain, places); error) return failed(error);
      return talk(plain);
    }
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_default_verify_paths(error);
    context.set_verify_mode(asio::ssl::verify_peer);
    beast::ssl_stream<beast::tcp_stream> secure(io_, context);
    secure.set_verify_callback(asio::ssl::host_name_verification(target_.host));
    ::SSL_set_tlsext_host_name(secure.native_handle(), target_.host.c_str());
    if (error = connect(secure.next_layer(), places); error) return failed(error);
    error = wait(secure, [&](auto done) {
      secure.async_handshake(asio::ssl::stream_base::client, [done](error_code e) { done(e); });
    });
    return error ? failed(error) : talk(secure);
  }

 private:
  // Beast's time limits hold for asynchronous calls only, so each is one, waited for.
  template <class Stream, class Start>
  error_code wait(Stream& stream, Start start) {
    std::optional<error_code> result;
    start([&result](error_code e) { result = e; });
    io_.restart();
    while (!result) {
      io_.run_for(kLookForStop);
      if (!result && request_.stop && request_.stop()) beast::get_lowest_layer(stream).cancel();
    }
    return *result;
  }

  template <class Places>
  error_code connect(beast::tcp_stream& stream, const Places& places) {
    stream.expires_after(request_.patience);
    return wait(stream, [&](auto done) {
      stream.async_connect(places, [done](error_code e, const auto&) { done(e); });
    });
  }

  template <class Stream>
  Result<HttpReply> talk(Stream& stream) {
    const auto message = message_of(request_, target_);
    error_code error = wait(stream, [&](auto done) {
      http::async_write(stream, message, [done](error_code e, std::size_t) { done(e); });
    });
    if (error) return failed(error);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(request_.answer_bytes_max);
    error = wait(stream, [&](auto done) {
      http::async_read(stream, buffer, parser, [done](error_code e, std::size_t) { done(e); });
    });
    if (error) return failed(error);
    return reply_of(parser.release());
  }

  std::unexpected<Error> failed(const error_code& error) const {
    return fail(Errc::kUnavailable,
                target_.host + ":" + target_.port + " does not answer: " + error.message());
  }

  const HttpRequest& request_;
  const Target target_;
  asio::io_context io_;
};

}  // namespace

std::string_view HttpReply::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& header) {
    return std::ranges::equal(header.first, name, [](unsigned char a, unsigned char b) {
      return std::tolower(a) == std::tolower(b);
    });
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<HttpReply> http_exchange(const HttpRequest& request) {
  auto target = parse(request.url);
  if (!target) return std::unexpected(target.error());
  return Connection(request, std::move(*target)).run();
}

}  // namespace groove
