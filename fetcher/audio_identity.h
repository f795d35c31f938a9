// What a sound is, whatever its file is called and its tags say.
#pragma once

#include <filesystem>
#include <string>

#include "workers/base/result.h"

namespace groove::fetcher {

// SHA-256, in hex, of the file's compressed sound: its packets one after the other, without the
// container and the tags. Reads the file and decodes nothing. Errors: as MediaFile's.
Result<std::string> identify_audio(const std::filesystem::path& file);

// The id of a song: MusicBrainz' of its recording where the file names one, else 128 bits of the
// digest of its sound.
std::string song_id(const std::string& recording_id, const std::string& audio);

}  // namespace groove::fetcher
