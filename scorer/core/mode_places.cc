#include "scorer/core/mode_places.h"

#include "workers/base/exact_math.h"

namespace groove::scorer {

ModePlaces::ModePlaces(const Taste& taste, std::size_t songs) : owed_(taste.modes.size()) {
  if (taste.modes.size() == 1) return;
  for (std::size_t m = 0; m < owed_.size(); ++m) {
    // A hair is added so that the share of one song in four is a quarter whatever log rounds to.
    const double places = exact_exp(taste.modes[m].log_share) * static_cast<double>(songs) / 2;
    owed_[m] = static_cast<std::size_t>(places + 1e-9);
    owed_in_all_ += owed_[m];
  }
}

void ModePlaces::took(std::size_t mode) {
  if (owed_[mode] == 0) return;
  --owed_[mode];
  --owed_in_all_;
}

void ModePlaces::give_up(std::size_t mode) {
  owed_in_all_ -= owed_[mode];
  owed_[mode] = 0;
}

Preference only_mode(const Preference& preference, std::size_t mode) {
  Preference out = preference;
  out.liked.modes = {preference.liked.modes[mode]};
  out.liked.modes[0].log_share = 0;
  return out;
}

}  // namespace groove::scorer
