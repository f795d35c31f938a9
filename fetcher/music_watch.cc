#include "fetcher/music_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fetcher/folder_changes.h"
#include "workers/base/clock.h"
#include "workers/library_state.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Time = std::chrono::steady_clock;

constexpr auto kLook = 250ms;         // for a stop
constexpr auto kQuiet = 2s;           // after the last change, before it is looked at
constexpr auto kPatience = 30s;       // with changes that do not end
constexpr auto kLookThrough = 10min;  // whatever inotify says
constexpr auto kTellEvery = 500ms;

}  // namespace

std::vector<fs::path> chosen_folders(const Places& places) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(places.music(), error))
    if (!entry.path().filename().string().starts_with('.')) folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
}

MusicWatch::MusicWatch(Places places, fs::path program, Log log)
    : places_(std::move(places)),
      program_(std::move(program)),
      log_(std::move(log)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void MusicWatch::run(const std::stop_token& stop) {
  std::error_code error;
  fs::create_directories(places_.music(), error);
  FolderChanges changes;
  const auto watch = [&] {
    std::vector<fs::path> folders =
        scan_music(chosen_folders(places_), [&] { return !stop.stop_requested(); }).directories;
    folders.push_back(places_.music());
    changes.watch(folders);
  };
  watch();
  std::optional<Time::time_point> first = Time::time_point(), last = first;  // at once
  auto looked = Time::now();
  while (!stop.stop_requested()) {
    const bool changed = changes.wait(kLook);
    const auto now = Time::now();
    if (changed && !first) first = now;
    if (changed) last = now;
    const bool settled = first && (now - *last >= kQuiet || now - *first >= kPatience);
    if (!settled && now - looked < kLookThrough) continue;
    first.reset();
    watch();  // before the scan, so that what comes during it is another change
    scan(stop);
    looked = Time::now();
  }
}

void MusicWatch::scan(const std::stop_token& stop) {
  const std::vector<fs::path> folders = chosen_folders(places_);
  std::error_code error;
  if (folders.empty() && !fs::exists(places_.music_files(), error)) return;
  const auto report = analyze_music(
      {.folders = folders,
       .data = places_.data,
       .program = program_,
       .now_us = SystemClock().unix_us()},
      [&](std::uint64_t done, std::uint64_t total) { tell(done, total); },
      [&] { return stop.stop_requested(); });
  if (stop.stop_requested()) return;
  log_(report);
}

// While there is a catalogue it serves, and nobody needs to wait.
void MusicWatch::tell(std::uint64_t done, std::uint64_t total) {
  std::error_code error;
  if (Time::now() - told_ < kTellEvery || fs::exists(places_.catalog(), error)) return;
  told_ = Time::now();
  static_cast<void>(write_library_state(
      places_, {.state = LibraryState::State::kImporting,
                .detail = fmt::format("{} of {} music files heard", done, total),
                .done = done,
                .total = total}));
}

}  // namespace groove::fetcher
