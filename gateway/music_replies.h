// What the catalogue and the model in use answer by themselves: search, one song, the map.
#pragma once

#include <string>

#include "gateway/core/reply.h"
#include "gateway/core/request.h"
#include "gateway/shelf.h"

namespace groove::gateway {

Reply search_reply(const Shelf& shelf, const Request& request);
Reply track_reply(const Shelf& shelf, const std::string& id);
// What POST /api/recommendations takes as a basis; `named`: and which folders and playlists there
// are.
Reply sources_reply(const Shelf* shelf, const MusicFiles* files, bool named);
Reply map_reply(const Shelf& shelf, const Request& request);

}  // namespace groove::gateway
