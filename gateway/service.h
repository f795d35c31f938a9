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

// A body that is not held in memory: of a request, read when the service wants it, or of an answer,
// read as fast as the client takes it.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual std::uint64_t size() const = 0;  // as Content-Length says
  // The next piece, at most 64 KB; empty at the end. Error: there will be no more of it (the client
  // left or was too slow; the file cannot be read).
  virtual boost::asio::awaitable<Result<std::string>> next() = 0;
};

struct Answer {
  Reply reply;
  std::shared_ptr<EventStream> stream = nullptr;  // set: the body is these events, without end
  std::shared_ptr<BodySource> body = nullptr;     // set: the body is this
};

class Service {
 public:
  virtual ~Service() = default;
  // Called for each request with a sound head, whatever it asks. `body` lives until the answer is
  // returned; what is left of it is thrown away.
  virtual boost::asio::awaitable<Answer> serve(Request request, BodySource& body) = 0;
};

}  // namespace groove::gateway
