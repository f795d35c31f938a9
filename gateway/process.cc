#include "gateway/process.h"

#include <spdlog/spdlog.h>

namespace groove::gateway {
namespace {

using std::chrono::milliseconds;

constexpr auto kLookForStop = milliseconds(50);
// How often the progress of who listens is read again: seldom when notices come by the bus.
constexpr auto kRefreshEvery = std::chrono::seconds(2);
constexpr auto kRefreshWithoutBus = milliseconds(50);

}  // namespace

Process::Process(Settings settings, const Places& places, RedisAddress redis, Site site,
                 std::unique_ptr<BusHost> bus)
    : settings_(std::move(settings)),
      bus_(std::move(bus)),
      site_(std::move(site)),
      ledger_files_(places.ledger() / "public"),
      receipts_(places.ledger() / "public"),
      redis_(io_, redis),
      accepting_(io_, std::move(redis)),
      sender_(bus_.get()),
      roster_(io_, redis_, sender_,
              [this](auto all) {
                if (ear_) ear_->set_publishers(std::move(all));
              }),
      sessions_(redis_, clock_),
      intake_(io_, accepting_, sender_, roster_),
      answers_(redis_),
      streams_(
          io_, answers_, [this] { return gateway_.shelf(); },
          bus_ ? milliseconds(kRefreshEvery) : kRefreshWithoutBus),
      uploads_(places),
      spotify_door_(io_, redis_, clock_, places.spotify_config()),
      spotify_(spotify_door_, sessions_, streams_, answers_, clock_),
      gateway_({site_, ledger_files_, receipts_, clock_, sessions_, intake_, answers_, streams_,
                uploads_, audio_, spotify_, roster_}),
      server_(io_, gateway_, settings_.server),
      stop_timer_(io_),
      watch_(io_, places, [this](LibraryNews news) { gateway_.library_changed(std::move(news)); }) {
  if (!bus_) return;
  ear_.emplace(io_, *bus_, [this](const auto& heard) {
    intake_.heard(heard);
    streams_.heard(heard);
  });
}

Status Process::listen() {
  if (auto listening = server_.listen(settings_.address, settings_.port); !listening)
    return listening;
  gateway_.serve_hosts(HostList(server_.port(), settings_.hosts));
  return {};
}

void Process::run(std::function<bool()> stop_wanted) {
  stop_wanted_ = std::move(stop_wanted);
  roster_.start();
  streams_.start();
  intake_.start();
  look_for_stop();
  spdlog::info("serving on {} port {}{}", settings_.address, server_.port(),
               site_.empty() ? ", without the page: it is not built" : "");
  io_.run();
}

void Process::look_for_stop() {
  if (stop_wanted_() && !stopping_) {
    spdlog::info("stopping");
    stopping_ = true;
    stop_before_ = std::chrono::steady_clock::now() + limits::kDrainDeadline;
    gateway_.stop();
    server_.stop();
  }
  const bool late = std::chrono::steady_clock::now() >= stop_before_;
  if (stopping_ && (server_.idle() || late)) return io_.stop();
  stop_timer_.expires_after(kLookForStop);
  stop_timer_.async_wait([this](boost::system::error_code) { look_for_stop(); });
}

}  // namespace groove::gateway
