// What a listener said, turned into what the ranking stands on.
//
// Adventurousness a (0..100) turns two screws, each along a straight line in a: the
// taste's variances move up to kWidthMax of the way to the catalogue's (more songs are like it),
// and nearness to single songs fades from kNear to nothing (a kindred song need not be next to one
// that is known).
#pragma once

#include <vector>

#include "scorer/core/score_plan.h"
#include "scorer/core/sound_table.h"
#include "scorer/core/taste.h"

namespace groove::scorer {

inline constexpr unsigned kAdventurousnessMax = 100;
inline constexpr double kWidthMax = 0.5;
inline constexpr double kWeightMax = 2;

struct Opinions {
  std::vector<TasteSong> liked;        // with their modes
  std::vector<TasteSong> approved;     // their modes are found here
  std::vector<TasteSong> disapproved;  // one mode
  Weights weights = even_weights();    // of the dimensions, each 0..kWeightMax
  unsigned adventurousness = 0;        // more than kAdventurousnessMax counts as that
};

// Order within each list does not matter. Requires: no song twice, liked or approved not empty.
Preference make_preference(Opinions opinions, const SoundTable& table);

// The same without `song`, wherever it is in the lists.
Opinions without(const Opinions& opinions, Song song);

}  // namespace groove::scorer
