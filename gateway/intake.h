// Takes events in: durably through the accept script, then onto the bus. What accept() returned is
// in Redis; the bus only makes it fast.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/roster.h"
#include "groove/v1/event.pb.h"
#include "workers/bus.h"
#include "workers/handoff.h"

namespace groove::gateway {

class Intake {
 public:
  Intake(Redis& redis, BusSender& sender, Roster& roster)
      : redis_(redis), sender_(sender), roster_(roster) {}

  // An event id that was accepted before gives its first answer again. Requests that arrive while
  // Redis is answering share one write and one fsync.
  // Errors: kBusy (a bound is reached), kUnavailable (outcome unknown: send the same id again).
  boost::asio::awaitable<Result<handoff::Accepted>> accept(ListenerId listener, Stage first,
                                                           EventId event, v1::Event fact);

 private:
  Redis& redis_;
  BusSender& sender_;
  Roster& roster_;
};

}  // namespace groove::gateway
