// The songs that the listener picked on the page: each is an id of the catalogue and counts in
// full.
#pragma once

#include "fetcher/sources/source.h"

namespace groove::fetcher {

class PickedSongsSource final : public Source {
 public:
  bool serves(const Basis& basis) const override;
  // Errors: kInvalid (no songs, or more than limits::kPickedSongsMax).
  Result<Listening> listening(ListenerId listener, const Basis& basis) override;
};

}  // namespace groove::fetcher
