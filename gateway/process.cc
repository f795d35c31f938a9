#include "gateway/process.h"

#include <spdlog/spdlog.h>

namespace groove::gateway {
namespace {

constexpr auto kLookForStop = std::chrono::milliseconds(50);

}  // namespace

Process::Process(Settings settings, const Places& places, RedisAddress redis, Site site)
    : settings_(std::move(settings)),
      site_(std::move(site)),
      ledger_files_(places.ledger() / "public"),
      receipts_(places.ledger() / "public"),
      redis_(io_, redis),
      accepting_(io_, std::move(redis)),
      sender_(zmq_),
      roster_(io_, redis_, sender_, [this](auto all) { ear_.set_publishers(std::move(all)); }),
      sessions_(redis_, clock_),
      intake_(io_, accepting_, sender_, roster_),
      answers_(redis_),
      streams_(io_, answers_, [this] { return gateway_.shelf(); }),
      uploads_(places),
      gateway_({site_, ledger_files_, receipts_, clock_, sessions_, intake_, answers_, streams_,
                uploads_, audio_, roster_}),
      server_(io_, gateway_, settings_.server),
      stop_timer_(io_),
      ear_(io_, zmq_,
           [this](const auto& heard) {
             intake_.heard(heard);
             streams_.heard(heard);
           }),
      watch_(io_, places, [this](LibraryNews news) { gateway_.library_changed(std::move(news)); }) {
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
