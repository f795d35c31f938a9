// Each mode of taste has its places in a list: songs of a mode that is loud in the ranking do not
// crowd out the others.
//
// A mode with the share s of the taste is owed floor(s * songs / 2) places: half of what its share
// would be, so the ranking still decides the other half. A song counts for the mode that finds it
// likeliest.
#pragma once

#include <cstddef>
#include <vector>

#include "scorer/core/score_plan.h"
#include "scorer/core/taste.h"

namespace groove::scorer {

class ModePlaces {
 public:
  // With one mode nothing is owed.
  ModePlaces(const Taste& taste, std::size_t songs);

  // Whether a song of `mode` may have one of `open` places without taking what another is owed.
  bool may_take(std::size_t mode, std::size_t open) const {
    return owed_[mode] > 0 || open > owed_in_all_;
  }
  void took(std::size_t mode);
  // A mode that found no more songs gives its places back.
  void give_up(std::size_t mode);
  std::size_t owed(std::size_t mode) const { return owed_[mode]; }
  std::size_t modes() const { return owed_.size(); }

 private:
  std::vector<std::size_t> owed_;  // by place in taste.modes
  std::size_t owed_in_all_ = 0;
};

// The same preference as if that mode were the whole taste: its ranking has the mode's songs first.
Preference only_mode(const Preference& preference, std::size_t mode);

}  // namespace groove::scorer
