#include "workers/worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "workers/base/limits.h"
#include "workers/bus.h"
#include "workers/redis.h"
#include "workers/shutdown.h"
#include "workers/worker_loop.h"

namespace groove {
namespace {

// The three sockets of a worker.
class ZmqCarrier final : public Carrier {
 public:
  ZmqCarrier(Stage stage, std::unique_ptr<BusHost> host, BusInbox inbox, NoticePublisher notices)
      : stage_(stage),
        host_(std::move(host)),
        inbox_(std::move(inbox)),
        notices_(std::move(notices)),
        sender_(host_.get()) {}

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
  std::unique_ptr<BusHost> host_;
  BusInbox inbox_;
  NoticePublisher notices_;
  BusSender sender_;
};

// Without the fast path: everybody pulls.
class NoCarrier final : public Carrier {
 public:
  std::optional<std::string> receive(std::chrono::milliseconds wait) override {
    std::this_thread::sleep_for(wait);
    return std::nullopt;
  }
  void set_next(const std::vector<handoff::Member>&) override {}
  bool send(const handoff::Entry&) override { return true; }
  void publish(ListenerId, const v1::Notice&) override {}
};

constexpr std::string_view kTcp = "tcp://";
constexpr int kPorts = 65'535;

struct Endpoints {  // to bind
  std::string inbox, notices;
};

// Errors: kInvalid.
Result<Endpoints> endpoints(const WorkerOptions& options) {
  if (options.listen.empty())
    return Endpoints{options.places.inbox(options.name), options.places.notices(options.name)};
  const std::string& listen = options.listen;
  const std::size_t begin = kTcp.size(), bracket = listen.rfind(']');
  const std::size_t colon = listen.find(':', bracket == std::string::npos ? begin : bracket);
  const std::string host = listen.substr(0, colon);
  if (!host.starts_with(kTcp) || host.size() == begin || host[begin] == '*')
    return fail(Errc::kInvalid,
                "--listen takes tcp://ADDRESS or tcp://ADDRESS:PORT; ADDRESS is how the other "
                "hosts reach this one, in numbers");
  if (colon == std::string::npos) return Endpoints{host + ":*", host + ":*"};
  const int port = std::atoi(listen.c_str() + colon + 1);
  if (port < 1 || port >= kPorts) return fail(Errc::kInvalid, listen + " has no usable port");
  return Endpoints{fmt::format("{}:{}", host, port), fmt::format("{}:{}", host, port + 1)};
}

struct Connected {
  handoff::Member self;
  std::unique_ptr<Carrier> carrier;
};

Result<Connected> connect(const WorkerOptions& options) {
  if (!options.fast_path) return Connected{{options.name, "", ""}, std::make_unique<NoCarrier>()};
  const auto where = endpoints(options);
  if (!where) return std::unexpected(where.error());
  auto host = BusHost::open(options.places.bus_keys());
  if (!host) return std::unexpected(host.error());
  auto inbox = BusInbox::open(**host, where->inbox);
  if (!inbox) return std::unexpected(inbox.error());
  auto notices = NoticePublisher::open(**host, where->notices);
  if (!notices) return std::unexpected(notices.error());
  handoff::Member self{options.name, inbox->endpoint(), notices->endpoint()};
  return Connected{std::move(self),
                   std::make_unique<ZmqCarrier>(options.stage, std::move(*host), std::move(*inbox),
                                                std::move(*notices))};
}

int refuse(const Error& error) {
  spdlog::critical("{}", error.message);
  return 2;
}

}  // namespace

int run_worker(const WorkerOptions& options, Handler& handler) {
  auto address = RedisAddress::parse(options.places.redis);
  if (!address) return refuse(address.error());
  std::filesystem::create_directories(options.places.run);
  auto connected = connect(options);
  if (!connected) return refuse(connected.error());
  boost::asio::io_context io;
  Redis redis(io, std::move(*address));
  const SystemClock clock;
  WorkerPorts ports{redis, *connected->carrier, clock, stop_requested};
  ports.fast_path = options.fast_path;
  WorkerLoop(options.stage, std::move(connected->self), options.durable_only, std::move(ports),
             handler)
      .run();
  return 0;
}

}  // namespace groove
