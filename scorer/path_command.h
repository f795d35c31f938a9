// `groove-scorer path`: songs that lead from one to another.
#pragma once

#include <filesystem>
#include <string>

#include "workers/base/result.h"

namespace groove::scorer {

inline constexpr std::size_t kPathStepsMax = 100;

struct PathCommand {
  std::filesystem::path catalog, model;
  std::string from, to;  // ids
  std::size_t steps = 10;
  bool json = false;
};

// What to print: the first song, at most `steps` between, and the last. No song twice, no version
// of one that is there, two of an artist or album at most among those between. Errors: an id that
// the catalogue lacks, and whatever keeps the files from being read.
Result<std::string> path(const PathCommand& command);

}  // namespace groove::scorer
