#include "workers/redis.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>

#include "workers/base/check.h"
#include "workers/scripts.h"

namespace groove {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

std::string format_command(const RedisCommand& command) {
  std::vector<const char*> pieces;
  std::vector<std::size_t> sizes;
  for (const std::string& piece : command) {
    pieces.push_back(piece.data());
    sizes.push_back(piece.size());
  }
  char* bytes = nullptr;
  const auto size =
      redisFormatCommandArgv(&bytes, static_cast<int>(command.size()), pieces.data(), sizes.data());
  GROOVE_CHECK(size > 0);
  std::string out(bytes, static_cast<std::size_t>(size));
  redisFreeCommand(bytes);
  return out;
}

// What Redis says when it cannot just now, by the first word of its error.
bool may_pass(std::string_view error) {
  constexpr std::array<std::string_view, 12> kPassing = {
      "LOADING", "BUSY", "MASTERDOWN", "READONLY", "NOREPLICAS",  "TRYAGAIN",
      "MISCONF", "OOM",  "MOVED",      "ASK",      "CLUSTERDOWN", "NOSCRIPT"};
  const std::string_view word = error.substr(0, error.find(' '));
  return std::find(kPassing.begin(), kPassing.end(), word) != kPassing.end();
}

RedisReply to_reply(const redisReply& from) {
  RedisReply reply;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      reply.kind = RedisReply::Kind::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      reply.kind = RedisReply::Kind::kText;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = RedisReply::Kind::kList;
      for (std::size_t i = 0; i < from.elements; ++i)
        reply.list.push_back(to_reply(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

Result<RedisReply> to_result(const redisReply& from) {
  RedisReply reply = to_reply(from);
  if (from.type != REDIS_REPLY_ERROR) return reply;
  const Errc code = may_pass(reply.text) ? Errc::kUnavailable : Errc::kInvalid;
  return fail(code, "Redis: " + reply.text);
}

}  // namespace

Result<RedisAddress> RedisAddress::parse(std::string_view text) {
  if (text.starts_with("unix:") && text.size() > 5)
    return RedisAddress{std::string(text.substr(5)), {}, {}};
  if (text.starts_with("tcp:")) {
    const std::string_view rest = text.substr(4);
    const std::size_t colon = rest.rfind(':');
    if (colon != std::string_view::npos && colon > 0 && colon + 1 < rest.size())
      return RedisAddress{
          {}, std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1))};
  }
  return fail(Errc::kInvalid,
              fmt::format("'{}' is not a Redis address; write unix:/path/to/redis.sock or "
                          "tcp:127.0.0.1:6379",
                          text));
}

class Redis::Connection : public std::enable_shared_from_this<Redis::Connection> {
 public:
  Connection(asio::io_context& io, RedisAddress address, std::chrono::milliseconds deadline)
      : io_(io), address_(std::move(address)), deadline_(deadline), socket_(io), timer_(io) {}

  asio::io_context& io() { return io_; }

  void send(const RedisCommand& command, Handler handler) {
    if (state_ == State::kClosed) connect();
    enqueue(command, std::move(handler));
  }

  // After this no handler is called; the owner is going away.
  void abandon() {
    abandoned_ = true;
    close();
    waiting_.clear();
  }

 private:
  enum class State { kClosed, kConnecting, kOpen };
  struct Waiting {
    Handler handler;
    std::chrono::steady_clock::time_point since;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  void enqueue(const RedisCommand& command, Handler handler) {
    outgoing_ += format_command(command);
    waiting_.push_back({std::move(handler), std::chrono::steady_clock::now()});
    if (waiting_.size() == 1) watch();
    if (state_ == State::kOpen) schedule_write();
  }

  void connect() {
    state_ = State::kConnecting;
    reader_.reset(redisReaderCreate());
    for (const Script& s : scripts())
      enqueue({"SCRIPT", "LOAD", std::string(s.text)}, [](const Result<RedisReply>&) {});
    const auto connected = [self = shared_from_this(), epoch = epoch_](error_code error) {
      if (epoch != self->epoch_) return;
      if (error) return self->fail_all("cannot be reached: " + error.message());
      self->state_ = State::kOpen;
      self->read();
      self->schedule_write();
    };
    error_code error;
    const auto endpoint = resolve(error);
    if (error) {
      asio::post(io_, [connected, error] { connected(error); });
      return;
    }
    socket_.async_connect(endpoint, connected);
  }

  asio::generic::stream_protocol::endpoint resolve(error_code& error) {
    if (!address_.unix_path.empty())
      return asio::local::stream_protocol::endpoint(address_.unix_path);
    asio::ip::tcp::resolver resolver(io_);
    const auto found = resolver.resolve(address_.host, address_.port, error);
    if (error) return {};
    return found.begin()->endpoint();
  }

  // One write a turn of the loop, however many commands were queued in it.
  void schedule_write() {
    if (writing_ || write_scheduled_ || outgoing_.empty()) return;
    write_scheduled_ = true;
    asio::post(io_, [self = shared_from_this(), epoch = epoch_] {
      if (epoch != self->epoch_) return;
      self->write_scheduled_ = false;
      self->write();
    });
  }

  void write() {
    writing_ = true;
    in_flight_ = std::exchange(outgoing_, {});
    asio::async_write(socket_, asio::buffer(in_flight_),
                      [self = shared_from_this(), epoch = epoch_](error_code error, std::size_t) {
                        if (epoch != self->epoch_) return;
                        self->writing_ = false;
                        if (error) return self->fail_all("broke off: " + error.message());
                        self->schedule_write();
                      });
  }

  void read() {
    socket_.async_read_some(asio::buffer(incoming_), [self = shared_from_this(), epoch = epoch_](
                                                         error_code error, std::size_t size) {
      if (epoch != self->epoch_) return;
      if (error) return self->fail_all("broke off: " + error.message());
      redisReaderFeed(self->reader_.get(), self->incoming_.data(), size);
      self->deliver();
      if (epoch == self->epoch_) self->read();
    });
  }

  void deliver() {
    const auto epoch = epoch_;
    while (epoch == epoch_) {
      void* raw = nullptr;
      if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK)
        return fail_all("answered what is not its protocol");
      if (raw == nullptr) return;
      const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(raw),
                                                               freeReplyObject);
      if (waiting_.empty()) return fail_all("answered what nobody asked");
      const Handler handler = std::move(waiting_.front().handler);
      waiting_.pop_front();
      handler(to_result(*reply));
    }
  }

  // The oldest command decides: replies come in order, so if it is in time all before were.
  void watch() {
    timer_.expires_at(waiting_.front().since + deadline_);
    timer_.async_wait([self = shared_from_this(), epoch = epoch_](error_code error) {
      if (error || epoch != self->epoch_ || self->waiting_.empty()) return;
      if (std::chrono::steady_clock::now() >= self->waiting_.front().since + self->deadline_)
        return self->fail_all("did not answer in time");
      self->watch();
    });
  }

  void close() {
    ++epoch_;  // whatever is still under way belongs to the past
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    state_ = State::kClosed;
    writing_ = write_scheduled_ = false;
    outgoing_.clear();
  }

  void fail_all(const std::string& why) {
    close();
    const std::deque<Waiting> failed = std::exchange(waiting_, {});
    for (const Waiting& waiting : failed) {
      if (abandoned_) return;
      waiting.handler(fail(Errc::kUnavailable, "Redis " + why));
    }
  }

  asio::io_context& io_;
  RedisAddress address_;
  std::chrono::milliseconds deadline_;
  asio::generic::stream_protocol::socket socket_;
  asio::steady_timer timer_;
  std::unique_ptr<redisReader, FreeReader> reader_;
  State state_ = State::kClosed;
  std::uint64_t epoch_ = 0;
  bool writing_ = false, write_scheduled_ = false, abandoned_ = false;
  std::string outgoing_, in_flight_;
  std::array<char, kReadBytes> incoming_;
  std::deque<Waiting> waiting_;
};

Redis::Redis(asio::io_context& io, RedisAddress address, std::chrono::milliseconds deadline)
    : connection_(std::make_shared<Connection>(io, std::move(address), deadline)) {}

Redis::~Redis() { connection_->abandon(); }

void Redis::send(RedisCommand command, Handler handler) {
  connection_->send(command, std::move(handler));
}

asio::awaitable<Result<RedisReply>> Redis::call(RedisCommand command) {
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(Result<RedisReply>)>(
      [this, &command](auto done) {
        auto shared = std::make_shared<decltype(done)>(std::move(done));
        connection_->send(
            command, [shared](Result<RedisReply> reply) { std::move (*shared)(std::move(reply)); });
      },
      asio::use_awaitable);
}

std::vector<Result<RedisReply>> Redis::roundtrip(std::vector<RedisCommand> commands) {
  std::vector<Result<RedisReply>> replies(commands.size());
  std::size_t arrived = 0;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    send(std::move(commands[i]), [&replies, &arrived, i](Result<RedisReply> reply) {
      replies[i] = std::move(reply);
      ++arrived;
    });
  }
  // The connection's own deadline ends this at the latest.
  while (arrived < replies.size()) {
    connection_->io().restart();
    connection_->io().run_one();
  }
  return replies;
}

}  // namespace groove
