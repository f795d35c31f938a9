// The listener's own music folders: all songs, those of a folder, or those that came last.
#pragma once

#include "fetcher/sources/source.h"
#include "workers/library.h"

namespace groove::fetcher {

class MusicSource final : public Source {
 public:
  explicit MusicSource(CurrentMusicFiles& files) : files_(files) {}

  bool serves(const Basis& basis) const override;
  // Of more songs than an event carries (limits::kSourceSongsMax), every n-th: their ids say
  // nothing about their sound, so that is an even sample. Errors: kNotFound (no music folder, no
  // such folder, no songs in it).
  Result<Listening> listening(ListenerId listener, const Basis& basis) override;

 private:
  CurrentMusicFiles& files_;
};

}  // namespace groove::fetcher
