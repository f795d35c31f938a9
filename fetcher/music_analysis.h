// The music folders, from files to songs: what lies there is found, what was not heard before is
// listened to, and which song is which file is written down.
//
//   DATA/analyses/   what was heard (fetcher/analysis_store.h), and report.txt: what was left out
//   DATA/files.groove  which song is which file (workers/music_files.h), when a scan ends
//
// A file is looked at again when its size or time has changed; its sound is listened to again only
// when no file had that sound before, or the analyser is a newer one. A song keeps its id whatever
// becomes of its file's name and tags. Nothing is ever written in the folders.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fetcher/analysis_store.h"
#include "fetcher/music_scan.h"
#include "workers/base/result.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {

struct AnalyzeOptions {
  std::vector<std::filesystem::path> folders;
  std::filesystem::path data;     // where files.groove and analyses/ are
  std::filesystem::path program;  // groove-fetcher, for its child processes
  unsigned jobs = 0;              // 0: one less than the machine has cores, at least one
  std::chrono::milliseconds per_file = std::chrono::minutes(5);
  std::chrono::milliseconds grace{0};  // after a stop, for the songs under way
  std::int64_t now_us = 0;             // Unix time
};

struct AnalyzeReport {
  std::uint64_t files = 0;     // that may be music, by their names
  std::uint64_t songs = 0;     // distinct ones among them
  std::uint64_t analysed = 0;  // in this run
  std::uint64_t known = 0;     // files that needed nothing
  std::uint64_t playlists = 0;
  std::vector<Unread> left_out;  // music files that gave no song; sorted by path
  std::vector<Unread> passed;    // what else lies there
  bool whole = true;             // false: it was stopped before its end
  double seconds = 0;
};

// Told as the work goes on; `done` of `total` files that need to be looked at.
using OnAnalyzed = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Errors: kBusy (another process does it), kNotFound (none of the folders is there), kUnavailable
// (the data folder cannot be written; no child process can be started).
Result<AnalyzeReport> analyze_music(const AnalyzeOptions& options, const OnAnalyzed& on_analyzed,
                                    const std::function<bool()>& stop);

// The songs of DATA/files.groove, each once, for a catalogue. None when no folder was scanned.
// Errors: kUnavailable, kCorrupt.
Result<std::vector<SongRecord>> analysed_songs(const std::filesystem::path& data);

}  // namespace groove::fetcher
