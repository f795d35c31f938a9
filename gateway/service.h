// What the server asks of the gateway: an answer to a request. The server knows HTTP and sockets,
// the service knows what the requests mean; neither knows the other's insides.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/core/reply.h"
#include "gateway/core/request.h"
#include "gateway/event_stream.h"
#include "workers/base/result.h"

namespace groove::gateway {

// The body of a request, read when the service wants it.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;  // as Content-Length says
  // The next piece, at most 64 KB; empty at the end. Error: the client left or was too slow.
  virtual boost::asio::awaitable<Result<std::string>> next() = 0;
};

struct Answer {
  Reply reply;
  std::shared_ptr<EventStream> stream;  // set: the reply's body is these events, without end
};

class Service {
 public:
  virtual ~Service() = default;
  // Called for each request with a sound head, whatever it asks. `body` lives until the answer is
  // returned; what is left of it is thrown away.
  virtual boost::asio::awaitable<Answer> serve(Request request, BodySource& body) = 0;
};

}  // namespace groove::gateway
