// The fast carrier as a worker sees it. It may lose, double, delay and misdirect; nothing depends
// on it but latency. workers/bus.h is the real one, over ZeroMQ.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "groove/v1/event.pb.h"
#include "workers/base/ids.h"
#include "workers/handoff.h"

namespace groove {

class Carrier {
 public:
  virtual ~Carrier() = default;

  // The next frame, or nothing within `wait`.
  virtual std::optional<std::string> receive(std::chrono::milliseconds wait) = 0;
  // Who works at the next stage.
  virtual void set_next(const std::vector<handoff::Member>& members) = 0;
  // To the owner of the entry's partition. False: nobody there or no room; the entry waits in the
  // store.
  virtual bool send(const handoff::Entry& entry) = 0;
  // Tells whoever listens (gateways).
  virtual void publish(ListenerId listener, const v1::Notice& notice) = 0;
};

}  // namespace groove
