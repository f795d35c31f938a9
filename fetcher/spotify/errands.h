// What the gateway sends the fetcher for, besides events: signing in, which playlists there are,
// and writing a batch as a playlist.
#pragma once

#include "fetcher/spotify/accounts.h"
#include "groove/v1/spotify.pb.h"
#include "workers/base/clock.h"
#include "workers/catalog.h"
#include "workers/spotify_config.h"

namespace groove::fetcher {

// `catalog`: nullptr while there is none.
v1::SpotifyDone do_spotify_errand(const v1::SpotifyErrand& errand, SpotifyAccounts& accounts,
                                  const Catalog* catalog, const Clock& clock);

}  // namespace groove::fetcher
