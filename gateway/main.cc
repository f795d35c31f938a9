// groove-gateway: wires the parts, runs until it is told to stop.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>

#include "gateway/gateway.h"
#include "gateway/notice_ear.h"
#include "gateway/server.h"
#include "workers/log.h"
#include "workers/shutdown.h"

namespace {

using namespace groove;
using namespace groove::gateway;
namespace asio = boost::asio;

constexpr int kUsage = 2;
constexpr auto kLookForStop = std::chrono::milliseconds(50);

struct RunOptions {
  std::string data, run, redis, web;
  std::string name = "gateway-1";
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::vector<std::string> hosts;
};

// Where the page's files are unless --web says so: beside the installed program, or where the build
// put them.
std::filesystem::path web_folder(const RunOptions& options) {
  if (!options.web.empty()) return options.web;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto installed = program.parent_path().parent_path() / "share" / "web";
  return std::filesystem::exists(installed, error) ? installed : GROOVE_WEB_DIR;
}

// Everything that serves, in the order in which it depends on each other; threads last.
class Process {
 public:
  Process(const RunOptions& options, Places places, RedisAddress redis, Site site)
      : site_(std::move(site)),
        redis_(io_, std::move(redis)),
        sender_(zmq_),
        roster_(io_, redis_, sender_, [this](auto all) { ear_.set_publishers(std::move(all)); }),
        sessions_(redis_, clock_),
        intake_(redis_, sender_, roster_),
        answers_(redis_),
        streams_(io_, answers_, [this] { return gateway_.shelf(); }),
        uploads_(places),
        gateway_({HostList(options.port, options.hosts), site_, clock_, sessions_, intake_,
                  answers_, streams_, uploads_, roster_}),
        server_(io_, gateway_),
        stop_timer_(io_),
        ear_(io_, zmq_, [this](const auto& heard) { streams_.heard(heard); }),
        watch_(io_, std::move(places),
               [this](LibraryNews news) { gateway_.library_changed(std::move(news)); }) {}

  int run(const RunOptions& options) {
    if (auto listening = server_.listen(options.address, options.port); !listening) {
      fmt::print(stderr, "groove-gateway: {}\n", listening.error().message);
      return kUsage;
    }
    roster_.start();
    streams_.start();
    look_for_stop();
    spdlog::info("serving on {} port {}{}", options.address, server_.port(),
                 site_.empty() ? ", without the page: it is not built" : "");
    io_.run();
    return 0;
  }

 private:
  void look_for_stop() {
    if (stop_requested() && !stopping_) {
      spdlog::info("stopping");
      stopping_ = true;
      stop_before_ = std::chrono::steady_clock::now() + limits::kDrainDeadline;
      gateway_.stop();
      server_.stop();
    }
    const bool over = std::chrono::steady_clock::now() >= stop_before_;
    if (stopping_ && (server_.idle() || over)) return io_.stop();
    stop_timer_.expires_after(kLookForStop);
    stop_timer_.async_wait([this](boost::system::error_code) { look_for_stop(); });
  }

  asio::io_context io_{1};
  zmq::context_t zmq_;
  SystemClock clock_;
  Site site_;
  Redis redis_;
  BusSender sender_;
  Roster roster_;
  Sessions sessions_;
  Intake intake_;
  Answers answers_;
  Streams streams_;
  Uploads uploads_;
  Gateway gateway_;
  Server server_;
  asio::steady_timer stop_timer_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_before_;
  NoticeEar ear_;
  LibraryWatch watch_;
};

int run(const RunOptions& options) {
  const auto refuse = [](const Error& error) {
    fmt::print(stderr, "groove-gateway: {}\n", error.message);
    return kUsage;
  };
  auto places = find_places(options.data, options.run, options.redis);
  if (!places) return refuse(places.error());
  auto redis = RedisAddress::parse(places->redis);
  if (!redis) return refuse(redis.error());
  auto site = Site::load(web_folder(options));
  if (!site) return refuse(site.error());
  Process process(options, *places, std::move(*redis), std::move(*site));
  return process.run(options);
}

}  // namespace

int main(int argc, char** argv) {
  watch_for_stop();
  CLI::App app("Groove's door: serves the page and the HTTP interface (gateway/openapi.yaml).");
  app.require_subcommand(1);
  RunOptions options;
  CLI::App* serve = app.add_subcommand("run", "Serve until SIGTERM.");
  serve->add_option("--data", options.data, "The folder that holds everything")->required();
  serve->add_option("--run", options.run, "The folder of the sockets (DATA/run)");
  serve->add_option("--redis", options.redis, "unix:PATH or tcp:HOST:PORT (unix:RUN/redis.sock)");
  serve->add_option("--port", options.port, "The port to serve on (8080)");
  serve->add_option("--address", options.address, "The address to serve on (127.0.0.1)");
  serve->add_option("--host", options.hosts, "A further name browsers may call this server by")
      ->expected(1)
      ->take_all();
  serve->add_option("--web", options.web, "The folder of the page's files");
  serve->add_option("--name", options.name, "This process's name (gateway-1)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  start_log(options.name);
  try {
    return run(options);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return 1;
  }
}
