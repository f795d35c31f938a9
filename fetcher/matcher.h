// Finds a listener's songs in the catalogue.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fetcher/core/listening.h"
#include "workers/catalog.h"

namespace groove::fetcher {

struct Match {
  std::map<SongIndex, std::uint32_t> found;  // weight by song, so distinct and in the order of ids
  // Names, distinct, in the order they came, at most limits::kMissingToldMax of them.
  std::vector<std::string> missing;
  std::size_t missing_count = 0;
};

// A song heard twice counts once, with its greatest weight.
Match match(const Listening& listening, const Catalog& catalog);

}  // namespace groove::fetcher
