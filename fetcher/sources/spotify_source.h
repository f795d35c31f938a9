// What a listener who signed in with Spotify has there; fetched beside the loop, by the desk.
#pragma once

#include "fetcher/sources/source.h"
#include "fetcher/spotify/desk.h"

namespace groove::fetcher {

class SpotifySource final : public Source {
 public:
  explicit SpotifySource(SpotifyDesk& desk) : desk_(desk) {}
  bool serves(const Basis& basis) const override {
    return std::holds_alternative<SpotifyBasis>(basis);
  }
  Result<Listening> listening(ListenerId listener, const Basis& basis) override {
    return desk_.listening(listener, std::get<SpotifyBasis>(basis));
  }

 private:
  SpotifyDesk& desk_;
};

}  // namespace groove::fetcher
