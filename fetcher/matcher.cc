#include "fetcher/matcher.h"

#include <algorithm>
#include <set>

#include "workers/base/limits.h"

namespace groove::fetcher {

Match match(const Listening& listening, const Catalog& catalog) {
  Match result;
  std::set<std::string> missing;
  for (const HeardSong& heard : listening.songs) {
    if (const auto song = catalog.find(heard.id)) {
      std::uint32_t& weight = result.found[*song];
      weight = std::max(weight, std::clamp<std::uint32_t>(heard.weight, 1, kWeightMax));
    } else if (missing.insert(heard.name).second &&
               result.missing.size() < limits::kMissingToldMax) {
      result.missing.push_back(heard.name);
    }
  }
  result.missing_count = missing.size();
  return result;
}

}  // namespace groove::fetcher
