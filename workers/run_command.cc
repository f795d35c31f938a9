#include "workers/run_command.h"

#include <algorithm>
#include <cctype>

#include "workers/log.h"
#include "workers/shutdown.h"

namespace groove {
namespace {

constexpr std::size_t kNameMax = 64;

// It is part of file names and registrations.
bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kNameMax && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

void add_place_options(CLI::App& command, RunOptions& options) {
  command.add_option("--data", options.data, "The data folder")->required();
  command.add_option("--run", options.run, "The folder of sockets; DATA/run, unless given");
  command.add_option(
      "--redis", options.redis,
      "unix:PATH, tcp:HOST:PORT, tls:HOST:PORT or cluster:HOST:PORT,... (and its options: "
      "workers/HANDOFF.md); unix:RUN/redis.sock, unless given");
}

void add_run_options(CLI::App& command, RunOptions& options) {
  add_place_options(command, options);
  command.add_option("--name", options.name, "This process's name, the same over restarts")
      ->capture_default_str();
  command.add_flag("--no-fast-path", options.no_fast_path,
                   "Use Redis alone: no bus, every stage looks there");
}

void add_worker_options(CLI::App& command, RunOptions& options) {
  add_run_options(command, options);
  command.add_option("--listen", options.listen,
                     "tcp://ADDRESS[:PORT] by which other hosts reach this worker; needs keys "
                     "(groove keys); sockets in RUN, unless given");
}

Result<Places> find_places(const RunOptions& options) {
  return find_places(options.data, options.run, options.redis);
}

Result<Places> begin_run(const RunOptions& options) {
  watch_for_stop();
  if (!is_name(options.name))
    return fail(Errc::kInvalid, "--name takes up to 64 letters, digits and - _ .");
  start_log(options.name);
  return find_places(options);
}

Result<WorkerOptions> begin_worker(const RunOptions& options, Stage stage) {
  auto places = begin_run(options);
  if (!places) return std::unexpected(places.error());
  return WorkerOptions{.stage = stage,
                       .name = options.name,
                       .places = std::move(*places),
                       .listen = options.listen,
                       .fast_path = !options.no_fast_path};
}

}  // namespace groove
