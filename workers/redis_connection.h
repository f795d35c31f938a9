// One pipelined connection to one Redis: hiredis writes and reads the protocol.
//
// Commands go out in order and replies come back in order; all that is sent before the next turn of
// the loop shares one write. On every connect the password (if any) and then the hand-off's scripts
// go first, before anything else. A connection that fails answers everything in flight with
// kUnavailable – outcome unknown – and is made anew on the next command.
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
  struct Settings {
    RedisAddress address;
    RedisNode node;  // which one, where it is not a UNIX socket
    std::shared_ptr<boost::asio::ssl::context> tls;
    std::chrono::milliseconds deadline;
    std::function<void()> connecting;  // what it sends goes before all that waits
  };

  RedisConnection(boost::asio::io_context& io, Settings settings);

  void send(const RedisCommand& command, Handler handler);
  // Again, in case Redis has forgotten them; what is sent afterwards finds them there.
  void load_scripts();
  // After this no handler is called; the owner is going away.
  void abandon();

 private:
  using Incoming = std::array<char, 64 * 1024>;
  enum class State { kClosed, kConnecting, kOpen };
  struct Waiting {
    Handler handler;
    std::chrono::steady_clock::time_point since;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const;
  };

  void enqueue(const RedisCommand& command, Handler handler);
  void connect();
  Status greet();
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
  bool writing_ = false, write_scheduled_ = false, abandoned_ = false;
  std::string outgoing_;
  std::deque<Waiting> waiting_;
};

}  // namespace groove
