#include "scorer/core/preference.h"

#include <algorithm>

#include "workers/base/check.h"

namespace groove::scorer {

Preference make_preference(Opinions opinions, const SoundTable& table) {
  GROOVE_CHECK(!opinions.liked.empty() || !opinions.approved.empty());
  const double adventure =
      std::min(opinions.adventurousness, kAdventurousnessMax) / double{kAdventurousnessMax};
  const auto taste_of = [&](const std::vector<TasteSong>& songs) {
    return make_taste(songs, table.overall(), table.dimensions(), adventure * kWidthMax);
  };
  std::vector<TasteSong>& songs = opinions.liked;
  if (!songs.empty()) join_modes(opinions.approved, taste_of(songs), table.dimensions());
  songs.insert(songs.end(), opinions.approved.begin(), opinions.approved.end());

  Preference out;
  out.liked = taste_of(songs);
  if (!opinions.disapproved.empty()) out.disliked = taste_of(opinions.disapproved);
  out.near = kNear * (1 - adventure);
  for (std::size_t d = 0; d < out.weights.size(); ++d)
    out.weights[d] = std::clamp(opinions.weights[d], 0.0, kWeightMax);
  return out;
}

Opinions without(const Opinions& opinions, Song song) {
  Opinions out = opinions;
  for (std::vector<TasteSong>* songs : {&out.liked, &out.approved, &out.disapproved})
    std::erase_if(*songs, [&](const TasteSong& s) { return s.song == song; });
  return out;
}

}  // namespace groove::scorer
