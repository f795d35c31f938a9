// The bytes between us and one Redis: a UNIX socket, TCP, or TLS over TCP.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "workers/redis_address.h"

namespace groove {

// An object lives until the last of its handlers was called; close() makes them come soon.
class RedisStream {
 public:
  using Done = std::function<void(boost::system::error_code)>;
  using DoneSome = std::function<void(boost::system::error_code, std::size_t)>;

  virtual ~RedisStream() = default;
  virtual void connect(Done done) = 0;
  virtual void read_some(std::span<char> into, DoneSome done) = 0;
  virtual void write_all(std::string_view bytes, Done done) = 0;
  virtual void close() = 0;
};

// The certificates and authorities of an address; nullptr where it has no TLS. Errors: kInvalid
// (a file that cannot be read or is not PEM).
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls(const RedisAddress& address);

// `unix_path` not empty: that socket; otherwise `node`.
std::shared_ptr<RedisStream> make_redis_stream(boost::asio::io_context& io,
                                               const std::string& unix_path, const RedisNode& node,
                                               boost::asio::ssl::context* tls);

}  // namespace groove
