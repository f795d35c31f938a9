#include "fetcher/sources/picked_songs.h"

#include <fmt/format.h>

#include "workers/base/limits.h"

namespace groove::fetcher {

bool PickedSongsSource::serves(const Basis& basis) const {
  return std::holds_alternative<PickedSongs>(basis);
}

Result<Listening> PickedSongsSource::listening(ListenerId, const Basis& basis) {
  const auto& ids = std::get<PickedSongs>(basis).song_ids;
  if (ids.empty()) return fail(Errc::kInvalid, "No songs were picked: pick a few that you like.");
  if (ids.size() > limits::kPickedSongsMax)
    return fail(Errc::kInvalid, fmt::format("{} songs were picked: pick at most {}.", ids.size(),
                                            limits::kPickedSongsMax));
  Listening songs;
  for (const std::string& id : ids) songs.songs.push_back({.id = id, .name = id});
  return songs;
}

}  // namespace groove::fetcher
