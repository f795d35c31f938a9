// The songs of a playlist file that lies in a music folder. An entry is found by its path, else by
// the end of its path (a playlist that was made elsewhere), else by artist and title.
#pragma once

#include "fetcher/sources/source.h"
#include "workers/library.h"

namespace groove::fetcher {

class PlaylistSource final : public Source {
 public:
  PlaylistSource(CurrentMusicFiles& files, CurrentCatalog& catalog)
      : files_(files), catalog_(catalog) {}

  bool serves(const Basis& basis) const override;
  // Errors: kNotFound (no such playlist), kInvalid (there is no song in it).
  Result<Listening> listening(ListenerId listener, const Basis& basis) override;

 private:
  CurrentMusicFiles& files_;
  CurrentCatalog& catalog_;
};

}  // namespace groove::fetcher
