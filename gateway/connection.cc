#include "gateway/connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "gateway/core/sse.h"
#include "gateway/core/wire.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kPieceBytes = 64 * 1024;
// What of an unwanted body is read and dropped to keep a connection.
constexpr std::size_t kDropBytesMax = limits::kHttpBodyBytesMax;
constexpr auto kPartingTime = std::chrono::seconds(1);

std::vector<Field> fields_of(const http::request_header<>& header) {
  std::vector<Field> fields;
  for (const auto& field : header)
    fields.push_back({std::string(field.name_string()), std::string(field.value())});
  return fields;
}

}  // namespace

// Reads Content-Length bytes from the connection, piece by piece.
class Connection::Body : public BodySource {
 public:
  Body(Connection& connection, std::uint64_t size, bool expects_continue)
      : connection_(connection), size_(size), left_(size), expects_continue_(expects_continue) {}

  std::uint64_t size() const override { return size_; }
  std::uint64_t left() const { return left_; }
  bool not_begun() const { return expects_continue_; }

  asio::awaitable<Result<std::string>> next() override {
    if (expects_continue_ && left_ > 0) {
      expects_continue_ = false;
      co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n", {});
    }
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPieceBytes));
    // One deadline for the whole piece: a client that drips bytes gets no more time.
    connection_.allow(connection_.options_.body_deadline);
    while (connection_.received_.size() < wanted) {
      const bool more = co_await connection_.read_more();
      if (!more) co_return fail(Errc::kUnavailable, "The body broke off, or was too slow.");
    }
    std::string piece = connection_.received_.substr(0, wanted);
    connection_.received_.erase(0, wanted);
    left_ -= wanted;
    connection_.deadline_ = Time::time_point::max();
    co_return piece;
  }

 private:
  Connection& connection_;
  std::uint64_t size_, left_;
  bool expects_continue_;
};

Connection::Connection(asio::ip::tcp::socket socket, Service& service, const ServerOptions& options)
    : socket_(std::move(socket)), service_(service), options_(options) {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  allow(options_.header_deadline);
}

asio::awaitable<void> Connection::run() {
  bool go_on = true;
  while (go_on && !stopping_) {
    auto head = co_await read_head();
    if (!socket_.is_open()) co_return;
    if (head) {
      go_on = co_await answer(std::move(*head));
    } else {
      co_await send(head.error(), {.keep_alive = false}, true);
      go_on = false;
    }
    in_request_ = false;
    allow(options_.idle_deadline);
  }
  co_await part();
}

void Connection::enforce_deadline(Time::time_point now) {
  if (now > deadline_) close();
}

void Connection::stop() {
  stopping_ = true;
  if (!in_request_) close();
}

// An error with the socket closed: there is nobody to answer.
asio::awaitable<std::expected<Connection::Head, Reply>> Connection::read_head() {
  if (!received_.empty()) {
    in_request_ = true;
    allow(options_.header_deadline);
  }
  while (true) {
    HeadScan scan = scan_head(received_);
    if (scan.refusal) co_return std::unexpected(std::move(*scan.refusal));
    if (scan.size > 0) co_return parse_head(scan.size);
    const bool more = co_await read_more();
    if (!more) {
      close();
      co_return std::unexpected(Reply{});
    }
    if (!in_request_) allow(options_.header_deadline);  // from the first byte, once
    in_request_ = true;
  }
}

asio::awaitable<bool> Connection::read_more() {
  const std::size_t before = received_.size();
  received_.resize(before + kReadBytes);
  const auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(received_.data() + before, kReadBytes), kAwait);
  received_.resize(before + size);
  co_return !error;
}

std::expected<Connection::Head, Reply> Connection::parse_head(std::size_t size) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeaderBytesMax));
  parser.body_limit(boost::none);  // the service's rule, by route
  boost::system::error_code error;
  parser.put(asio::buffer(received_.data(), size), error);
  received_.erase(0, size);
  if (error && error != http::error::need_more)
    return std::unexpected(problem(400, "The request is malformed: " + error.message() + "."));
  if (!parser.is_header_done()) return std::unexpected(problem(400, "The request is malformed."));
  const auto& message = parser.get();
  auto request = make_request(std::string(message.method_string()),
                              std::string_view(message.target()), fields_of(message));
  if (!request) return std::unexpected(problem(400, "The address is malformed."));
  if (auto refusal = refuse_framing(*request)) return std::unexpected(std::move(*refusal));
  const std::string_view expected = request->header("Expect");
  if (!expected.empty() && !same_ignoring_case(expected, "100-continue"))
    return std::unexpected(problem(417, "The only expectation met is 100-continue."));
  const std::uint64_t body_size = parser.content_length().value_or(0);
  return Head{std::move(*request), body_size, message.keep_alive()};
}

// Whether the connection goes on.
asio::awaitable<bool> Connection::answer(Head head) {
  deadline_ = Time::time_point::max();  // the service's own waits are bounded
  const bool body_wanted = head.request.method != "HEAD";
  Body body(*this, head.body_size, !head.request.header("Expect").empty());
  Answer answer = co_await service_.serve(std::move(head.request), body);
  if (answer.stream && body_wanted) {
    const bool sent = co_await send(answer.reply, {.keep_alive = false, .endless = true}, false);
    if (sent) co_await feed(std::move(answer.stream));
    co_return false;
  }
  const bool droppable = body.left() == 0 || (body.left() <= kDropBytesMax && !body.not_begun());
  const bool keep_alive = head.keep_alive && droppable && !stopping_;
  Framing framing{.keep_alive = keep_alive};
  if (answer.body) framing.length = answer.body->size();
  bool sent = co_await send(answer.reply, framing, body_wanted);
  if (sent && answer.body && body_wanted) sent = co_await send_pieces(*answer.body);
  while (sent && keep_alive && body.left() > 0) {
    const auto dropped = co_await body.next();
    if (!dropped) co_return false;
  }
  co_return sent&& keep_alive;
}

asio::awaitable<bool> Connection::send(const Reply& reply, Framing framing, bool body_wanted) {
  const std::string head_text = head(reply, framing);
  const std::string_view body = body_wanted ? reply.bytes() : std::string_view();
  co_return co_await write(head_text, body);
}

asio::awaitable<bool> Connection::write(std::string_view head_text, std::string_view body) {
  allow(options_.write_deadline);
  const std::array<asio::const_buffer, 2> buffers = {
      asio::buffer(head_text.data(), head_text.size()), asio::buffer(body.data(), body.size())};
  const auto [error, size] = co_await asio::async_write(socket_, buffers, kAwait);
  co_return !error;
}

// False: the body was not sent whole, so the connection must end for the client to know.
asio::awaitable<bool> Connection::send_pieces(BodySource& body) {
  while (true) {
    deadline_ = Time::time_point::max();  // the disk's wait is not the client's
    const auto piece = co_await body.next();
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
    const bool sent = co_await write(*piece, {});
    if (!sent || stopping_) co_return false;
  }
}

// Events until either side ends it. Between them a heartbeat, so that a dead peer is noticed.
asio::awaitable<void> Connection::feed(std::shared_ptr<EventStream> stream) {
  // The browser sends nothing more; that it left shows as the end of what it sends.
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [stream](boost::system::error_code) { stream->close(); });
  while (true) {
    deadline_ = Time::time_point::max();
    const bool last = stream->closed();
    std::string text = co_await stream->take(options_.heartbeat);
    if (text.empty() && (last || stream->closed())) co_return;
    if (text.empty()) text = sse_heartbeat();
    const bool sent = co_await write(text, {});
    if (!sent) break;
  }
  stream->close();
}

// Closes so that the last answer arrives: a socket closed with unread input resets the connection,
// and a reset throws away what the client has not read yet (RFC 9112 9.6).
asio::awaitable<void> Connection::part() {
  boost::system::error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  allow(kPartingTime);
  std::size_t dropped = 0;
  bool more = !error;
  while (more && dropped < 1024 * 1024) {
    received_.clear();
    more = co_await read_more();
    dropped += received_.size();
  }
  close();
}

void Connection::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace groove::gateway
