// Lets those in whose public key is on the allow-list: ZeroMQ's authentication protocol (ZAP,
// https://rfc.zeromq.org/spec/27/), answered for all CURVE sockets of one context by a thread.
//
// A list that changes counts for whoever connects from then on; who is connected stays.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "workers/bus_keys.h"

namespace groove {

// What a CURVE socket must say in order to be kept by it.
inline constexpr const char* kBusDomain = "groove";

class Doorkeeper {
 public:
  // Stands there before the first socket binds and until the last has closed: where nobody answers,
  // ZeroMQ lets everybody in.
  Doorkeeper(zmq::context_t& context, AllowList& allowed);

  // How many were turned away. They are logged together, once a second at most.
  std::uint64_t refused() const { return refused_; }

 private:
  void run(const std::stop_token& stop);
  void answer();
  void tell();

  AllowList& allowed_;
  zmq::socket_t requests_;
  std::atomic<std::uint64_t> refused_ = 0;
  std::uint64_t told_ = 0;
  std::string last_refused_;
  std::jthread thread_;  // last, so it stops first
};

}  // namespace groove
