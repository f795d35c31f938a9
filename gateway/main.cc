// groove-gateway: reads the command line, loads the page, runs.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "gateway/dead_letters.h"
#include "gateway/process.h"
#include "workers/redis.h"
#include "workers/run_command.h"
#include "workers/shutdown.h"
#include "workers/spotify_config.h"

namespace {

using namespace groove;
using namespace groove::gateway;

constexpr int kUsage = 2;

struct ServeOptions : RunOptions {
  std::string web;
  Settings settings;
};

// Where the page's files are unless --web says so: beside the installed program, or where the build
// put them.
std::filesystem::path web_folder(const ServeOptions& options) {
  if (!options.web.empty()) return options.web;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto installed = program.parent_path().parent_path() / "share" / "web";
  return std::filesystem::exists(installed, error) ? installed : GROOVE_WEB_DIR;
}

int refuse(const Error& error) {
  fmt::print(stderr, "groove-gateway: {}\n", error.message);
  return kUsage;
}

// The bus, or nullptr where none is wished for.
Result<std::unique_ptr<BusHost>> open_bus(const ServeOptions& options, const Places& places) {
  if (options.no_fast_path) return nullptr;
  return BusHost::open(places.bus_keys());
}

int run(const ServeOptions& options) {
  const auto places = begin_run(options);
  if (!places) return refuse(places.error());
  auto redis = RedisAddress::parse(places->redis);
  if (!redis) return refuse(redis.error());
  auto site = Site::load(web_folder(options));
  if (!site) return refuse(site.error());
  auto bus = open_bus(options, *places);
  if (!bus) return refuse(bus.error());
  Process process(options.settings, *places, std::move(*redis), std::move(*site), std::move(*bus));
  if (auto listening = process.listen(); !listening) return refuse(listening.error());
  process.run(stop_requested);
  return 0;
}

// Lists the dead letters, or sends some again; exit 1 when there are any left to look at.
int dead_letters(const RunOptions& options, const std::string& again) {
  const auto places = find_places(options);
  if (!places) return refuse(places.error());
  auto address = RedisAddress::parse(places->redis);
  if (!address) return refuse(address.error());
  boost::asio::io_context io;
  Redis redis(io, std::move(*address));
  const auto count = again.empty() ? list_dead_letters(redis, std::cout) : send_again(redis, again);
  if (!count) return refuse(count.error());
  if (again.empty()) return *count == 0 ? 0 : 1;
  std::cout << fmt::format("{} sent again\n", *count);
  return 0;
}

// Says where Spotify must send browsers back to; exit 2 when the registration is not usable.
int spotify(const RunOptions& options) {
  const auto places = find_places(options);
  if (!places) return refuse(places.error());
  const auto config = SpotifyConfig::read(places->spotify_config());
  if (!config) return refuse(config.error());
  std::cout << "its Redirect URI in the dashboard must be " << config->redirect_uri() << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  watch_for_stop();
  CLI::App app("Groove's door: serves the page and the HTTP interface (gateway/openapi.yaml).");
  app.require_subcommand(1);
  ServeOptions options{{.name = "gateway-1"}, {}, {}};
  Settings& settings = options.settings;
  CLI::App* serve = app.add_subcommand("run", "Serve until SIGTERM.");
  add_run_options(*serve, options);
  serve->add_option("--port", settings.port, "The port to serve on (8080)");
  serve->add_option("--address", settings.address, "The address to serve on (127.0.0.1)");
  serve->add_option("--host", settings.hosts, "A further name browsers may call this server by");
  serve->add_option("--web", options.web, "The folder of the page's files");
  std::string again;
  CLI::App* letters = app.add_subcommand(
      "dead-letters", "List the events that broke a worker; --again sends them as new events.");
  add_place_options(*letters, options);
  letters->add_option("--again", again, "The name of a letter, or all");
  CLI::App* registration =
      app.add_subcommand("spotify", "Check what Groove is registered as with Spotify.");
  add_place_options(*registration, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  try {
    if (registration->parsed()) return spotify(options);
    return letters->parsed() ? dead_letters(options, again) : run(options);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return 1;
  }
}
