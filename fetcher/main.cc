#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "fetcher/fetcher.h"
#include "fetcher/import.h"
#include "fetcher/show_command.h"
#include "fetcher/tracks_watch.h"
#include "workers/log.h"
#include "workers/progress.h"
#include "workers/shutdown.h"

namespace {

using namespace groove;
using namespace groove::fetcher;

constexpr int kYes = 0, kNo = 1, kUnreadable = 2;

struct ImportOptions {
  std::vector<std::string> files;
  std::string catalog;
  bool json = false;
};

struct RunOptions {
  std::string data, run, redis, name = "fetch-1";
};

int refused(const Error& error) {
  fmt::print(stderr, "groove-fetcher: {}\n", error.message);
  return stop_requested() ? kNo : kUnreadable;
}

std::uint64_t size_on_disk(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const std::string& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    total += error ? 0 : size;
  }
  return total;
}

int import_files(const ImportOptions& options) {
  Progress progress("Importing", size_on_disk(options.files), "bytes");
  Import import([&](std::uint64_t bytes, std::uint64_t) {
    progress.at(bytes);
    return !stop_requested();
  });
  for (const std::string& file : options.files)
    if (const auto read = import.add(file); !read) {
      progress.finish();
      return refused(read.error());
    }
  progress.finish();
  const auto report = import.write(options.catalog);
  if (!report) return refused(report.error());
  fmt::print("{}",
             options.json ? to_json(*report, options.catalog) : to_text(*report, options.catalog));
  return kYes;
}

int run(const RunOptions& options) {
  start_log(options.name);
  const auto places = find_places(options.data, options.run, options.redis);
  if (!places) return refused(places.error());
  CurrentCatalog catalog(*places);
  Fetcher fetcher(catalog, all_sources());
  const TracksWatch watch(*places, [](const Result<std::string>& outcome) {
    if (outcome)
      spdlog::info("import: {}", *outcome);
    else
      spdlog::warn("import: {}", outcome.error().message);
  });
  return run_worker({.stage = Stage::kFetch, .name = options.name, .places = *places}, fetcher);
}

int dispatch(int argc, char** argv) {
  CLI::App app("Brings music in: makes the catalogue, and finds a listener's songs in it.");
  app.require_subcommand(1);

  ImportOptions import_options;
  CLI::App* import_command = app.add_subcommand(
      "import", "Make a catalogue of files of songs (CSV, also packed: .xz .gz .zst .zip)");
  import_command->add_option("CSV", import_options.files, "Files; of one id the first file's stays")
      ->required();
  import_command->add_option("--catalog", import_options.catalog, "The file to write")->required();
  import_command->add_flag("--json", import_options.json, "Print the result as JSON");

  ShowCommand show_options;
  CLI::App* show_command = app.add_subcommand("show", "Say what is heard in a music file");
  show_command->add_option("FILE", show_options.file, "MP3, FLAC, Ogg, Opus, M4A, WAV, ...")
      ->required();
  show_command->add_flag("--json", show_options.json, "In the shape of Spotify's Audio Analysis");

  RunOptions run_options;
  CLI::App* run_command =
      app.add_subcommand("run", "Run the fetch stage, and keep the catalogue made of DATA/tracks");
  run_command->add_option("--data", run_options.data, "The data folder")->required();
  run_command->add_option("--run", run_options.run, "The folder of sockets [DATA/run]");
  run_command->add_option("--redis", run_options.redis, "unix:PATH or tcp:HOST:PORT");
  run_command->add_option("--name", run_options.name, "This worker's name, stable over restarts")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (show_command->parsed()) return show_file(show_options);
  return import_command->parsed() ? import_files(import_options) : run(run_options);
}

}  // namespace

int main(int argc, char** argv) {
  watch_for_stop();
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "groove-fetcher: {}\n", error.what());
    return kNo;
  }
}
