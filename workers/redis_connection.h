// One pipelined connection to one Redis: hiredis writes and reads the protocol.
//
// Commands go out in order and replies come back in order; all that is sent before the next turn of
// the loop shares one write. A new connection is greeted first: the password (if any) and the
// hand-off's scripts; a Redis that is still loading its files fails that, and with it the
// connection. Then the owner may settle what Redis lost while it was away. Everything else is held
// until both are done. A connection that fails answers all that was sent or held with kUnavailable
// – outcome unknown – and is made anew on the next command.
//
// Belongs to the thread that runs its io_context.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/redis_stream.h"
#include "workers/store.h"

struct redisReader;

namespace groove {

class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
 public:
  // An error that Redis said is a reply of kind kError.
  using Handler = std::function<void(Result<RedisReply>)>;
  using Settled = std::function<void(bool)>;
  struct Settings {
    RedisAddress address;
    RedisNode node;  // which one, where it is not a UNIX socket
    std::shared_ptr<boost::asio::ssl::context> tls;
    std::chrono::milliseconds deadline;
    // Says by urgent commands what must come first, then calls back: false gives the connection up.
    std::function<void(Settled)> settle;
  };

  RedisConnection(boost::asio::io_context& io, Settings settings);

  // `urgent`: not held back while the owner settles.
  void send(RedisCommand command, Handler handler, bool urgent = false);
  // Again, in case Redis has forgotten them; what is sent afterwards finds them there.
  void load_scripts();
  // After this no handler is called; the owner is going away.
  void abandon();

 private:
  using Incoming = std::array<char, 64 * 1024>;
  enum class State { kClosed, kGreeting, kSettling, kOpen };
  struct Waiting {
    Handler handler;
    std::chrono::steady_clock::time_point since;
  };
  struct Held {
    RedisCommand command;
    Handler handler;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const;
  };

  void enqueue(const RedisCommand& command, Handler handler);
  void connect();
  Status greet();
  void greeted(const Result<RedisReply>& reply, bool last);
  void settle();
  void open();
  void send_held(std::vector<Held>& held);
  void schedule_write();
  void write();
  void read();
  void deliver();
  void watch();
  void close();
  void fail_all(const std::string& why);

  boost::asio::io_context& io_;
  const Settings settings_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<RedisStream> stream_;
  std::shared_ptr<Incoming> incoming_;
  std::unique_ptr<redisReader, FreeReader> reader_;
  State state_ = State::kClosed;
  std::uint64_t epoch_ = 0;  // of the connection; whatever is of an older one belongs to the past
  bool connected_ = false, writing_ = false, write_scheduled_ = false, abandoned_ = false;
  std::string outgoing_;
  std::deque<Waiting> waiting_;
  std::vector<Held> urgent_, held_;  // until it is greeted, until it is open
};

}  // namespace groove
