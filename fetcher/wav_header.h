// What the header of a WAV file promises. FFmpeg's libraries tell the length of what is there, so a
// file that was cut would pass for a shorter song.
#pragma once

#include <filesystem>

namespace groove::fetcher {

// The seconds of sound that the header states (RIFF WAVE, chunks "fmt " and "data"). 0 when it is
// no such file, or when the header leaves the length open, as do programs that write to a pipe
// (sizes of 0, or of 2 GB and more).
double wav_stated_seconds(const std::filesystem::path& file);

}  // namespace groove::fetcher
