#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "fetcher/analyze_command.h"
#include "fetcher/fetcher.h"
#include "fetcher/import.h"
#include "fetcher/listen.h"
#include "fetcher/music_watch.h"
#include "fetcher/show_command.h"
#include "fetcher/tracks_watch.h"
#include "workers/progress.h"
#include "workers/run_command.h"
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

void log_analysis(const Result<AnalyzeReport>& outcome) {
  if (!outcome) return spdlog::warn("music folders: {}", outcome.error().message);
  if (outcome->analysed == 0) return;
  spdlog::info("music folders: {} songs, {} analysed now, {} files left out, in {:.1f} s",
               outcome->songs, outcome->analysed, outcome->left_out.size(), outcome->seconds);
}

int run(const RunOptions& options) {
  const auto worker = begin_worker(options, Stage::kFetch);
  if (!worker) return refused(worker.error());
  const Places& places = worker->places;
  CurrentCatalog catalog(places);
  CurrentMusicFiles music_files(places);
  auto redis = RedisAddress::parse(places.redis);
  if (!redis) return refused(redis.error());
  SpotifyDesk spotify(places, std::move(*redis), catalog);
  Fetcher fetcher(catalog, all_sources(music_files, catalog, spotify));
  const TracksWatch watch(places, [](const Result<std::string>& outcome) {
    if (outcome)
      spdlog::info("import: {}", *outcome);
    else
      spdlog::warn("import: {}", outcome.error().message);
  });
  const MusicWatch music_watch(places, std::filesystem::read_symlink("/proc/self/exe"),
                               log_analysis);
  return run_worker(*worker, fetcher);
}

CLI::App* add_analyze(CLI::App& app, AnalyzeCommand& options) {
  CLI::App* command =
      app.add_subcommand("analyze", "Listen to music folders and make a catalogue of their songs");
  command->add_option("DIR", options.folders, "Folders of music; only read")->required();
  command
      ->add_option("--catalog", options.catalog,
                   "The file to write; what was heard is kept beside it")
      ->required();
  command->add_option("--tracks", options.tracks,
                      "Files of songs (CSV) that are in the catalogue too");
  command->add_option("--jobs", options.jobs,
                      "Files listened to at once [one less than there are cores]");
  command
      ->add_option("--file-seconds", options.seconds_per_file,
                   "When a file takes longer, it is left out")
      ->check(CLI::Range(1U, 86'400U))
      ->capture_default_str();
  command->add_flag("--json", options.json, "Print the result as JSON");
  return command;
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
  AnalyzeCommand analyze_options;
  const CLI::App* analyze_command = add_analyze(app, analyze_options);
  CLI::App* worker_command = app.add_subcommand(
      "analyze-worker", "Listens to files for another groove-fetcher; not for use by hand");

  RunOptions run_options{.name = "fetch-1"};
  CLI::App* run_command =
      app.add_subcommand("run", "Run the fetch stage, and keep the catalogue made of DATA/tracks");
  add_worker_options(*run_command, run_options);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (show_command->parsed()) return show_file(show_options);
  if (analyze_command->parsed()) return analyze_folders(analyze_options);
  if (worker_command->parsed()) return serve_listening();
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
