// What all bus sockets of one process share: the ZeroMQ context, this host's keys, and who may come
// in. Within a host the bus is ipc, which the file system guards. Between hosts it is tcp, and then
// always CURVE: whoever binds asks for a listed key, whoever connects asks for the listed key that
// was registered with the endpoint.
//
// The sockets made here belong to one thread each; this object outlives them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "workers/base/result.h"
#include "workers/bus_keys.h"
#include "workers/doorkeeper.h"

namespace groove {

class BusHost {
 public:
  BusHost() = default;  // ipc alone
  BusHost(const BusKeyFiles& files, BusKeys keys);
  // With the host's keys if it has any. Errors: of read_bus_keys() but kNotFound.
  static Result<std::unique_ptr<BusHost>> open(const BusKeyFiles& files);
  BusHost(const BusHost&) = delete;
  BusHost& operator=(const BusHost&) = delete;

  zmq::socket_t socket(zmq::socket_type type) { return {context_, type}; }

  // Binds to "ipc://PATH" or "tcp://ADDRESS:PORT", where ADDRESS is how others reach this host, in
  // numbers, and PORT may be * for any free one. Returns the endpoint to register, with the port
  // and the key. Errors: kInvalid (tcp without keys, no address of this host), kUnavailable (the
  // port is taken).
  Result<std::string> bind(zmq::socket_t& socket, const std::string& endpoint);

  // Connects to an endpoint as bind() returned it, in the background. False when it may not be:
  // tcp without a key, with one that the allow-list lacks, or without keys of our own.
  bool connect(zmq::socket_t& socket, const std::string& registered);
  void disconnect(zmq::socket_t& socket, const std::string& registered);
  // What connect() would say; a key that has left the list since makes it false.
  bool may_connect(const std::string& registered);

  std::uint64_t refused() const { return doorkeeper_ ? doorkeeper_->refused() : 0; }

 private:
  struct Secured {
    BusKeys keys;
    AllowList allowed;
  };
  zmq::context_t context_;
  std::unique_ptr<Secured> secured_;
  std::optional<Doorkeeper> doorkeeper_;  // before any socket: the constructor makes it
};

}  // namespace groove
