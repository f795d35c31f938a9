// From a ranking to the list that a listener gets: the rules of core/diversity, and each mode of
// taste with the places it is owed (core/mode_places).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "scorer/core/diversity.h"
#include "scorer/core/score.h"
#include "scorer/song_keys.h"

namespace groove::scorer {

struct ListSource {
  const SoundTable& sounds;
  const SongKeyTable& keys;
  const Preference& preference;
  const Ranking& ranking;  // by that preference
};

struct SongList {
  std::vector<Ranked> songs;   // in the ranking's order
  std::optional<Ranked> next;  // the best song that is not among them and might be
};

// Neither `avoided` songs nor versions of them are in it. Shorter than asked only where the
// catalogue has no more that the rules allow.
SongList make_list(const ListSource& from, std::span<const Song> avoided, const ListRules& rules);

}  // namespace groove::scorer
