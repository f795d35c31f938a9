// `groove fetcher analyze`: music folders to a catalogue, with progress, and what was left out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace groove::fetcher {

struct AnalyzeCommand {
  std::vector<std::string> folders;
  std::vector<std::string> tracks;  // CSV files whose songs are in the catalogue too
  std::string catalog;              // what is kept lies beside it
  unsigned jobs = 0;                // 0: one less than there are cores
  unsigned seconds_per_file = 300;
  bool json = false;
};

// The exit code: 0 done, 1 stopped or no song was found, 2 a folder or file cannot be read.
int analyze_folders(const AnalyzeCommand& command);

}  // namespace groove::fetcher
