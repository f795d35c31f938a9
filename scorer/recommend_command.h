// `groove-scorer recommend`: a batch without any server.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "workers/base/limits.h"
#include "workers/base/result.h"

namespace groove::scorer {

struct RecommendCommand {
  std::filesystem::path catalog, model;
  std::vector<std::string> like, dislike;  // ids
  std::size_t count = limits::kBatchSongs;
  unsigned adventurousness = 0;
  bool no_explicit = false;
  unsigned year_from = 0, year_to = 0;
  std::vector<std::string> weights;  // "energy=150": a feature and its percent
  bool json = false;
};

// What to print. All songs of `like` are one mode of taste: finding modes is the clusterer's art.
// Errors: an id that the catalogue lacks (all of them named, with what is near to each), and
// whatever keeps the files from being read.
Result<std::string> recommend(const RecommendCommand& command);

}  // namespace groove::scorer
