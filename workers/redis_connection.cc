#include "workers/redis_connection.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <boost/asio/post.hpp>
#include <fstream>

#include "workers/base/check.h"
#include "workers/redis_reply.h"
#include "workers/scripts.h"

namespace groove {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

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

}  // namespace

void RedisConnection::FreeReader::operator()(redisReader* reader) const { redisReaderFree(reader); }

RedisConnection::RedisConnection(asio::io_context& io, Settings settings)
    : io_(io), settings_(std::move(settings)), timer_(io) {}

void RedisConnection::send(RedisCommand command, Handler handler, bool urgent) {
  if (state_ == State::kClosed) connect();
  if (state_ == State::kOpen || (urgent && state_ == State::kSettling))
    return enqueue(command, std::move(handler));
  (urgent ? urgent_ : held_).push_back({std::move(command), std::move(handler)});
}

void RedisConnection::load_scripts() {
  for (const Script& s : scripts())
    enqueue({"SCRIPT", "LOAD", std::string(s.text)}, [](const Result<RedisReply>&) {});
}

void RedisConnection::abandon() {
  abandoned_ = true;
  close();
  waiting_.clear();
  urgent_.clear();
  held_.clear();
}

void RedisConnection::enqueue(const RedisCommand& command, Handler handler) {
  outgoing_ += format_command(command);
  waiting_.push_back({std::move(handler), std::chrono::steady_clock::now()});
  if (waiting_.size() == 1) watch();
  if (connected_) schedule_write();
}

void RedisConnection::connect() {
  state_ = State::kGreeting;
  reader_.reset(redisReaderCreate());
  incoming_ = std::make_shared<Incoming>();
  stream_ =
      make_redis_stream(io_, settings_.address.unix_path, settings_.node, settings_.tls.get());
  const auto connected = [self = shared_from_this(), stream = stream_,
                          epoch = epoch_](error_code error) {
    if (epoch != self->epoch_) return;
    if (error) return self->fail_all("cannot be reached: " + error.message());
    self->connected_ = true;
    self->read();
    self->schedule_write();
  };
  if (const Status greeting = greet(); !greeting) {
    asio::post(io_, [self = shared_from_this(), epoch = epoch_, why = greeting.error().message] {
      if (epoch == self->epoch_) self->fail_all(why);
    });
    return;
  }
  stream_->connect(connected);
}

Status RedisConnection::greet() {
  const RedisAddress& address = settings_.address;
  if (!address.password_file.empty()) {
    std::ifstream file(address.password_file);
    std::string password;
    if (!std::getline(file, password))
      return fail(Errc::kUnavailable, "cannot be asked: its password file " +
                                          address.password_file.string() + " cannot be read");
    enqueue({"AUTH", address.user, password},
            [this](const Result<RedisReply>& reply) { greeted(reply, false); });
  }
  for (const Script& s : scripts())
    enqueue({"SCRIPT", "LOAD", std::string(s.text)},
            [this, last = &s == &scripts().back()](const Result<RedisReply>& reply) {
              greeted(reply, last);
            });
  return {};
}

void RedisConnection::greeted(const Result<RedisReply>& reply, bool last) {
  if (!reply) return;  // the connection failed, and everybody is told
  if (reply->kind == RedisReply::Kind::kError) return fail_all("is not ready: " + reply->text);
  if (last) settle();
}

void RedisConnection::settle() {
  state_ = State::kSettling;
  send_held(urgent_);
  if (!settings_.settle) return open();
  settings_.settle([self = shared_from_this(), epoch = epoch_](bool settled) {
    if (epoch != self->epoch_) return;
    if (settled)
      self->open();
    else
      self->fail_all("did not take what it may have lost");
  });
}

void RedisConnection::open() {
  state_ = State::kOpen;
  send_held(held_);
}

void RedisConnection::send_held(std::vector<Held>& held) {
  for (Held& each : std::exchange(held, {})) enqueue(each.command, std::move(each.handler));
}

// One write a turn of the loop, however many commands were queued in it.
void RedisConnection::schedule_write() {
  if (writing_ || write_scheduled_ || outgoing_.empty()) return;
  write_scheduled_ = true;
  asio::post(io_, [self = shared_from_this(), epoch = epoch_] {
    if (epoch != self->epoch_) return;
    self->write_scheduled_ = false;
    self->write();
  });
}

void RedisConnection::write() {
  writing_ = true;
  const auto bytes = std::make_shared<std::string>(std::exchange(outgoing_, {}));
  stream_->write_all(*bytes, [self = shared_from_this(), stream = stream_, bytes,
                              epoch = epoch_](error_code error) {
    if (epoch != self->epoch_) return;
    self->writing_ = false;
    if (error) return self->fail_all("broke off: " + error.message());
    self->schedule_write();
  });
}

void RedisConnection::read() {
  stream_->read_some(*incoming_, [self = shared_from_this(), stream = stream_, into = incoming_,
                                  epoch = epoch_](error_code error, std::size_t size) {
    if (epoch != self->epoch_) return;
    if (error) return self->fail_all("broke off: " + error.message());
    redisReaderFeed(self->reader_.get(), into->data(), size);
    self->deliver();
    if (epoch == self->epoch_) self->read();
  });
}

void RedisConnection::deliver() {
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
    handler(to_reply(*reply));
  }
}

// The oldest command decides: replies come in order, so if it is in time all before were.
void RedisConnection::watch() {
  timer_.expires_at(waiting_.front().since + settings_.deadline);
  timer_.async_wait([self = shared_from_this(), epoch = epoch_](error_code error) {
    if (error || epoch != self->epoch_ || self->waiting_.empty()) return;
    if (std::chrono::steady_clock::now() >= self->waiting_.front().since + self->settings_.deadline)
      return self->fail_all("did not answer in time");
    self->watch();
  });
}

void RedisConnection::close() {
  ++epoch_;
  if (stream_) stream_->close();
  timer_.cancel();
  state_ = State::kClosed;
  connected_ = false;
  writing_ = write_scheduled_ = false;
  outgoing_.clear();
}

void RedisConnection::fail_all(const std::string& why) {
  close();
  std::vector<Handler> failed;
  for (Waiting& waiting : std::exchange(waiting_, {})) failed.push_back(std::move(waiting.handler));
  for (std::vector<Held>* held : {&urgent_, &held_})
    for (Held& each : std::exchange(*held, {})) failed.push_back(std::move(each.handler));
  for (const Handler& handler : failed) {
    if (abandoned_) return;
    handler(fail(Errc::kUnavailable, "Redis " + why));
  }
}

}  // namespace groove
