// A whole gateway, wired: everything that serves, in the order in which it depends on each other.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/library_watch.h"
#include "gateway/notice_ear.h"
#include "gateway/server.h"
#include "workers/base/clock.h"
#include "workers/bus_host.h"

namespace groove::gateway {

struct Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;       // 0: any free one
  std::vector<std::string> hosts;  // further names browsers may call this server by
  ServerOptions server;
};

class Process {
 public:
  // `bus`: nullptr serves without, on Redis alone.
  Process(Settings settings, const Places& places, RedisAddress redis, Site site,
          std::unique_ptr<BusHost> bus);

  // Errors: kInvalid, kUnavailable (the address).
  Status listen();
  std::uint16_t port() const { return server_.port(); }
  // Serves until `stop_wanted` says yes: then finishes what is in flight, within
  // limits::kDrainDeadline. Requires: listen() went well.
  void run(std::function<bool()> stop_wanted);

 private:
  void look_for_stop();

  Settings settings_;
  boost::asio::io_context io_{1};
  std::unique_ptr<BusHost> bus_;
  SystemClock clock_;
  Site site_;
  LedgerFiles ledger_files_;
  Receipts receipts_;
  Redis redis_;
  Redis accepting_;  // accept's alone: it waits for replicas
  BusSender sender_;
  Roster roster_;
  Sessions sessions_;
  Intake intake_;
  Answers answers_;
  Streams streams_;
  Uploads uploads_;
  SongAudio audio_;
  SpotifyDoor spotify_door_;
  SpotifyRoutes spotify_;
  Gateway gateway_;
  Server server_;
  boost::asio::steady_timer stop_timer_;
  std::function<bool()> stop_wanted_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_before_;
  // Threads last: they stop first.
  std::optional<NoticeEar> ear_;
  LibraryWatch watch_;
};

}  // namespace groove::gateway
