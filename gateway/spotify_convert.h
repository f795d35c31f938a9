// What is known of a listener's Spotify account, as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "groove/v1/spotify.pb.h"
#include "workers/base/result.h"
#include "workers/spotify_config.h"

namespace groove::gateway {

// How it stands: whether Groove is registered, and what of this listener's account is known.
std::string spotify_json(const Result<SpotifyConfig>& config,
                         const std::optional<v1::SpotifyAccount>& account, std::int64_t now_s);
std::string spotify_playlists_json(const v1::SpotifyDone& done);
std::string spotify_export_json(const v1::SpotifyDone& done);

}  // namespace groove::gateway
