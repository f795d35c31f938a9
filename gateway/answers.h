// Reads the answers to a listener's events from Redis.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "workers/handoff.h"
#include "workers/redis.h"

namespace groove::gateway {

class Answers {
 public:
  explicit Answers(Redis& redis) : redis_(redis) {}

  boost::asio::awaitable<Result<handoff::ListenerProgress>> progress(ListenerId listener);

  // The recorded answers with sequences first..last, ascending, without those no longer kept.
  boost::asio::awaitable<Result<std::vector<v1::BatchRecorded>>> range(ListenerId listener,
                                                                       std::uint64_t first,
                                                                       std::uint64_t last);
  // The newest batch; where the newest few answers are all refusals, the newest refusal.
  boost::asio::awaitable<Result<std::optional<v1::BatchRecorded>>> latest(ListenerId listener);

  struct Found {
    std::uint64_t sequence = 0;  // 0: no such event
    std::optional<v1::BatchRecorded> answer;
    bool pending = false;
  };
  boost::asio::awaitable<Result<Found>> of_event(ListenerId listener, EventId event);

  // What the scorer keeps of the listener, to show it to them.
  boost::asio::awaitable<Result<v1::ScorerState>> scorer_state(ListenerId listener);

 private:
  Redis& redis_;
};

}  // namespace groove::gateway
