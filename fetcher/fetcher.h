// The first stage: a listener asked for recommendations on a basis; their songs are brought from
// its source and found in the catalogue.
#pragma once

#include <memory>
#include <vector>

#include "fetcher/sources/source.h"
#include "fetcher/spotify/desk.h"
#include "workers/library.h"
#include "workers/worker.h"

namespace groove::fetcher {

using Sources = std::vector<std::unique_ptr<Source>>;

// Every source there is.
Sources all_sources(CurrentMusicFiles& files, CurrentCatalog& catalog, SpotifyDesk& spotify);

class Fetcher final : public Handler {
 public:
  Fetcher(CurrentCatalog& catalog, Sources sources);

  bool wants(v1::Event::FactCase fact) const override;
  // LoginAccepted to ListeningFetched; what is not in the catalogue is named there.
  // Errors: none of the songs is in the catalogue, or all of it are, or there is none yet; kBusy:
  // the songs are still being fetched.
  Result<Effect> handle(const Work& work) override;

 private:
  Result<Listening> listening(ListenerId listener, const v1::Basis& basis);

  CurrentCatalog& catalog_;
  Sources sources_;
};

}  // namespace groove::fetcher
