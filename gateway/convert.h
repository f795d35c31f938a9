// The one place that knows both the messages (proto) and what goes over HTTP (core values, JSON).
#pragma once

#include <cstdint>
#include <string>

#include "gateway/core/asks.h"
#include "gateway/core/json.h"
#include "gateway/core/playlist_export.h"
#include "gateway/core/session_rules.h"
#include "gateway/shelf.h"
#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "workers/base/ids.h"
#include "workers/library.h"

namespace groove::gateway {

// Requests to facts.
v1::Event to_login(ListenerId listener, const RecommendationAsk& ask, std::int64_t now_us);
v1::Event to_feedback(ListenerId listener, const FeedbackAsk& ask, std::int64_t now_us);

// Facts to answers. `shelf` may be nullptr; songs it does not have get no place on the map.
std::string answer_json(const v1::BatchRecorded& recorded, const Shelf* shelf);
// Requires: it has a batch.
Playlist to_playlist(const v1::BatchRecorded& recorded, const Shelf* shelf);
std::string progress_json(const v1::StageProgressed& progressed);

struct Standing {  // of a listener
  Session session;
  v1::ScorerState scorer;
  std::uint64_t pending = 0;
};
std::string me_json(const Standing& standing, const Shelf* shelf);
std::string session_json(const Session& session);

// Songs.
void write_track(JsonWriter& json, const Shelf& shelf, SongIndex song);
std::string track_json(const Shelf& shelf, SongIndex song);  // with its features
std::string map_json(const Music& music);

}  // namespace groove::gateway
