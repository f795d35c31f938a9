#include "scorer/core/preference.h"

#include <algorithm>

namespace groove::scorer {

void approve(Opinions& opinions, const TasteSong& song) {
  opinions.disapproved.remove(song.song);
  opinions.liked.remove(song.song);
  opinions.liked.add(song);
}

void disapprove(Opinions& opinions, const TasteSong& song) {
  opinions.liked.remove(song.song);
  opinions.disapproved.remove(song.song);
  opinions.disapproved.add({.song = song.song, .vector = song.vector});
}

Preference make_preference(const Opinions& opinions, const SoundTable& table) {
  const double adventure =
      std::min(opinions.adventurousness, kAdventurousnessMax) / double{kAdventurousnessMax};
  const auto taste_of = [&](const TasteSongs& songs) {
    return make_taste(songs, table.overall(), table.dimensions(), adventure * kWidthMax);
  };
  Preference out;
  out.liked = taste_of(opinions.liked);
  if (!opinions.disapproved.empty()) out.disliked = taste_of(opinions.disapproved);
  out.near = kNear * (1 - adventure);
  for (std::size_t d = 0; d < out.weights.size(); ++d)
    out.weights[d] = std::clamp(opinions.weights[d], 0.0, kWeightMax);
  return out;
}

}  // namespace groove::scorer
