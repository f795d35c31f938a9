// What trouble with Spotify means for a listener, in words.
#pragma once

#include <string>

#include "fetcher/core/spotify_replies.h"

namespace groove::fetcher {

// `now_s`: Unix seconds, for when it goes on.
std::string spotify_words(const SpotifyTrouble& trouble, std::int64_t now_s);

}  // namespace groove::fetcher
