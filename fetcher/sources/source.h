// Where a listener's songs come from. A source serves some kinds of basis and brings the songs as
// it names them; finding them in the catalogue is not its business.
#pragma once

#include "fetcher/core/listening.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::fetcher {

class Source {
 public:
  virtual ~Source() = default;
  virtual bool serves(const Basis& basis) const = 0;
  // Requires: serves(basis).
  // Errors: kUnavailable (try again later), kBusy (being fetched beside the loop: ask again, the
  // words say how it stands), others are sentences for the listener.
  virtual Result<Listening> listening(ListenerId listener, const Basis& basis) = 0;
};

}  // namespace groove::fetcher
