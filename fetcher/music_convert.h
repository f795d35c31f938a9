// The only place that knows both the messages about music files and the fetcher's own types.
#pragma once

#include "fetcher/core/song_tags.h"
#include "fetcher/core/sound/analysis.h"
#include "groove/v1/music.pb.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {

v1::SongTags to_message(const SongTags& tags);
SongTags from_message(const v1::SongTags& message);

v1::Heard to_heard(const sound::Analysis& analysis);

// A song of a catalogue in the space spotify-v1, with its series and vector.
SongRecord to_record(const std::string& id, const SongTags& tags, const v1::Heard& heard);

}  // namespace groove::fetcher
