// The tags of a music file, read by TagLib: ID3, Vorbis comments, APE, MP4, ASF, RIFF INFO.
#pragma once

#include <filesystem>

#include "fetcher/core/song_tags.h"

namespace groove::fetcher {

// Cleaned. What has no tags, or is no music file, says nothing of itself: that is no error.
SongTags read_tags(const std::filesystem::path& file);

}  // namespace groove::fetcher
