// Takes events in: durably through the accept script, then onto the bus. What accept() returned is
// in Redis and, of a cluster, in a replica; the bus only makes it fast.
//
// Redis may lose what it acknowledged when a primary dies. So each accepted event is kept until it
// is recorded and some seconds old; on every new link to Redis all that is kept is said again
// before anything else, and what is overdue from time to time.
//
// Belongs to the server's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <vector>

#include "gateway/roster.h"
#include "groove/v1/event.pb.h"
#include "workers/bus.h"
#include "workers/handoff.h"
#include "workers/kept_events.h"

namespace groove::gateway {

class Intake {
 public:
  // `redis` is this object's own: its new links are watched, and waits for replicas hold nobody up.
  Intake(boost::asio::io_context& io, Redis& redis, BusSender& sender, Roster& roster);

  void start();

  // An event id that was accepted before gives its first answer again. Requests that arrive while
  // Redis is answering share one write and one fsync.
  // Errors: kBusy (a bound is reached), kUnavailable (outcome unknown: send the same id again).
  boost::asio::awaitable<Result<handoff::Accepted>> accept(ListenerId listener, Stage first,
                                                           EventId event, v1::Event fact);

  void heard(const NoticeSubscriber::Heard& heard);

 private:
  // Calls `done` with whether all were answered.
  void say_again(const std::vector<KeptEvent>& events, std::function<void(bool)> done);
  bool said_again(const KeptEvent& event, const Result<RedisReply>& reply);
  void look_after_kept();

  Redis& redis_;
  BusSender& sender_;
  Roster& roster_;
  KeptEvents kept_;
  boost::asio::steady_timer timer_;
};

}  // namespace groove::gateway
