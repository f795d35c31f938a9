// A music file as samples: whatever FFmpeg's libraries decode (MP3, FLAC, Vorbis, Opus, AAC, WAV,
// WMA, ...), as stereo at the analyser's rate, piece by piece, so that memory does not grow with
// the song. One thread. The file is only read, and nothing but the file: no network, no playlist or
// reference inside it is followed.
//
// The same file gives the same samples on one machine and version of FFmpeg; its decoders choose
// code by processor, so elsewhere the last bits may differ.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::fetcher {

inline constexpr double kSongSecondsMax = 4 * 3600;  // what is longer is no song but a recording

// A piece of sound, both channels of the same length, at sound::kSampleRate, full scale 1. The
// sound of a file with one channel comes as both. False: stop.
using TakeSamples = std::function<bool(std::span<const float> left, std::span<const float> right)>;

struct Decoded {
  double seconds = 0;             // of sound that came out
  std::uint64_t bad_packets = 0;  // left out because they could not be decoded
  std::uint64_t packets = 0;
  std::string codec;    // "mp3", "flac", "vorbis", ...
  Digest audio_sha256;  // of the compressed sound alone: tags do not change it
};

// Decodes the file from its start to its end. Errors are sentences for the report of a scan:
//   kNotFound     there is no such file
//   kUnavailable  it cannot be read, or `take` said stop
//   kInvalid      it is empty, holds no sound, is not of a format we read, is copy-protected, or is
//                 longer than kSongSecondsMax
//   kCorrupt      it is cut short (less than nine tenths of what its header states) or damaged
//                 (more than one packet in ten cannot be decoded)
Result<Decoded> decode(const std::filesystem::path& file, const TakeSamples& take);

}  // namespace groove::fetcher
