// Frames of any rate, format and number of channels to stereo at the analyser's rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fetcher/decode.h"
#include "fetcher/media_file.h"

namespace groove::fetcher {

class Resampler {
 public:
  explicit Resampler(const TakeSamples& take) : take_(take) {}

  // Hands the frame's sound on. A frame may differ from the one before in rate, format and
  // channels.
  Status push(const AVFrame& frame);
  // What is still inside, at the end.
  Status finish();
  std::uint64_t samples() const { return samples_; }

 private:
  struct Shape {
    int rate = 0, format = 0, channels = 0;
    bool operator==(const Shape&) const = default;
  };
  Status reshape(const AVFrame& frame, const Shape& shape);
  Status convert(const std::uint8_t* const* data, int count);

  const TakeSamples& take_;
  Shape shape_;
  Ffmpeg<SwrContext> context_;
  std::vector<float> left_, right_;
  std::uint64_t samples_ = 0;
};

}  // namespace groove::fetcher
