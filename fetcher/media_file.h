// A music file as packets of compressed sound: the container's side of FFmpeg. Only named formats
// are tried, only the file itself is opened, and only one stream of sound is read.
#pragma once

#include <filesystem>
#include <memory>

#include "workers/base/result.h"

struct AVCodec;
struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;
struct AVStream;
struct SwrContext;

namespace groove::fetcher {

// Destroys what FFmpeg's libraries made.
struct FfmpegDeleter {
  void operator()(AVCodecContext* codec) const;
  void operator()(AVFormatContext* container) const;
  void operator()(AVFrame* frame) const;
  void operator()(AVPacket* packet) const;
  void operator()(SwrContext* resampler) const;
};
template <class T>
using Ffmpeg = std::unique_ptr<T, FfmpegDeleter>;

// FFmpeg's word for an error number.
std::string ffmpeg_error(int number);

class MediaFile {
 public:
  static Result<MediaFile> open(const std::filesystem::path& file);

  // The next packet of the sound, valid until the next call; null at the end of the file.
  Result<const AVPacket*> next();

  const AVStream& stream() const { return *stream_; }
  // A decoder for the stream, opened, of one thread.
  Result<Ffmpeg<AVCodecContext>> decoder() const;
  // The seconds the header states; 0 when it states none or FFmpeg only guessed. Of a file that was
  // cut, more than are there.
  double stated_seconds() const;

 private:
  MediaFile(Ffmpeg<AVFormatContext> container, AVStream* stream, const AVCodec* codec,
            double wav_seconds);

  Ffmpeg<AVFormatContext> container_;
  AVStream* stream_;
  const AVCodec* codec_;
  double wav_seconds_;  // wav_header.h
  Ffmpeg<AVPacket> packet_;
};

}  // namespace groove::fetcher
