// Listens to what comes to the music folders while Groove runs: the folders in DATA/music, or those
// that links there lead to. inotify tells of changes; since it tells nothing of a folder on another
// machine, and has a limit, all of them are looked through every ten minutes besides.
//
// A change is waited out (a copy in progress would be read half), then everything new is analysed
// (fetcher/music_analysis.h) and DATA/files.groove is written anew; the watch over DATA/tracks
// makes the catalogue of it. Of several fetchers on one data folder one listens at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "fetcher/music_analysis.h"
#include "workers/places.h"

namespace groove::fetcher {

// The music folders of a data folder, sorted by their names there.
std::vector<std::filesystem::path> chosen_folders(const Places& places);

class MusicWatch {
 public:
  using Log = std::function<void(const Result<AnalyzeReport>& outcome)>;

  // `log` is told of each scan that found something new, on the watch's thread.
  MusicWatch(Places places, std::filesystem::path program, Log log);

 private:
  void run(const std::stop_token& stop);
  void scan(const std::stop_token& stop);
  void tell(std::uint64_t done, std::uint64_t total);

  Places places_;
  std::filesystem::path program_;
  Log log_;
  std::chrono::steady_clock::time_point told_;
  std::jthread thread_;
};

}  // namespace groove::fetcher
