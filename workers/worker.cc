#include "workers/worker.h"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <zmq.hpp>

#include "workers/bus.h"
#include "workers/redis.h"
#include "workers/shutdown.h"
#include "workers/worker_loop.h"

namespace groove {
namespace {

// The three sockets of a worker.
class ZmqCarrier final : public Carrier {
 public:
  ZmqCarrier(Stage stage, const handoff::Member& self)
      : stage_(stage),
        inbox_(context_, self.endpoint),
        notices_(context_, self.notices),
        sender_(context_) {}

  std::optional<std::string> receive(std::chrono::milliseconds wait) override {
    return inbox_.receive(wait);
  }
  void set_next(const std::vector<handoff::Member>& members) override {
    sender_.set_members(*next(stage_), members);
  }
  bool send(const handoff::Entry& entry) override { return sender_.send(entry); }
  void publish(ListenerId listener, const v1::Notice& notice) override {
    notices_.publish(listener, notice);
  }

 private:
  Stage stage_;
  zmq::context_t context_;
  BusInbox inbox_;
  NoticePublisher notices_;
  BusSender sender_;
};

}  // namespace

int run_worker(const WorkerOptions& options, Handler& handler) {
  auto address = RedisAddress::parse(options.places.redis);
  if (!address) {
    spdlog::critical("{}", address.error().message);
    return 2;
  }
  std::filesystem::create_directories(options.places.run);
  const handoff::Member self{options.name, options.places.inbox(options.name),
                             options.places.notices(options.name)};
  boost::asio::io_context io;
  Redis redis(io, std::move(*address));
  ZmqCarrier carrier(options.stage, self);
  const SystemClock clock;
  WorkerLoop(options.stage, self, options.durable_only, {redis, carrier, clock, stop_requested},
             handler)
      .run();
  return 0;
}

}  // namespace groove
