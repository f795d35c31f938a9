#include "fetcher/matcher.h"

#include <algorithm>

namespace groove::fetcher {

Match match(const Listening& listening, const Catalog& catalog) {
  Match result;
  for (const HeardSong& heard : listening) {
    if (const auto song = catalog.find(heard.id)) {
      std::uint32_t& weight = result.found[*song];
      weight = std::max(weight, std::clamp<std::uint32_t>(heard.weight, 1, kWeightMax));
    } else if (std::ranges::find(result.missing, heard.name) == result.missing.end()) {
      result.missing.push_back(heard.name);
    }
  }
  return result;
}

}  // namespace groove::fetcher
