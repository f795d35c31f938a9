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
  TasteSongs liked;                  // and approved
  TasteSongs disapproved;            // one mode
  Weights weights = even_weights();  // of the dimensions, each 0..kWeightMax
  std::size_t verdicts = 0;          // that were given, whatever came of them
  unsigned adventurousness = 0;      // more than kAdventurousnessMax counts as that
};

// A song has one verdict at most: the new one counts. `song` comes with its mode.
void approve(Opinions& opinions, const TasteSong& song);
void disapprove(Opinions& opinions, const TasteSong& song);

// Costs the same however many songs there are. Requires: liked not empty.
Preference make_preference(const Opinions& opinions, const SoundTable& table);

}  // namespace groove::scorer
