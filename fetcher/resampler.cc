#include "fetcher/resampler.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
}

#include <array>

#include "fetcher/core/sound/analysis.h"
#include "workers/base/check.h"

namespace groove::fetcher {
namespace {

constexpr int kPiece = 4096;  // samples handed on at a time
constexpr int kChannelsMax = 32;

}  // namespace

Status Resampler::push(const AVFrame& frame) {
  const Shape shape{frame.sample_rate, frame.format, frame.ch_layout.nb_channels};
  if (shape != shape_) {
    if (const Status done = finish(); !done) return done;
    if (const Status ready = reshape(frame, shape); !ready) return ready;
  }
  return convert(frame.extended_data, frame.nb_samples);
}

Status Resampler::reshape(const AVFrame& frame, const Shape& shape) {
  if (shape.rate <= 0 || shape.channels < 1 || shape.channels > kChannelsMax)
    return fail(Errc::kCorrupt, "its sound has no sensible rate or channels");
  AVChannelLayout from{};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&from, shape.channels);
  else
    GROOVE_CHECK(av_channel_layout_copy(&from, &frame.ch_layout) == 0);
  // One channel stays one: FFmpeg would make it softer by 3 dB on its way to two.
  AVChannelLayout to{};
  av_channel_layout_default(&to, shape.channels == 1 ? 1 : 2);
  SwrContext* made = nullptr;
  int error =
      swr_alloc_set_opts2(&made, &to, AV_SAMPLE_FMT_FLTP, sound::kSampleRate, &from,
                          static_cast<AVSampleFormat>(shape.format), shape.rate, 0, nullptr);
  context_.reset(made);
  if (error >= 0) error = swr_init(made);
  av_channel_layout_uninit(&from);
  if (error < 0)
    return fail(Errc::kCorrupt, "its sound cannot be converted (" + ffmpeg_error(error) + ")");
  shape_ = shape;
  left_.resize(kPiece);
  right_.resize(kPiece);
  return {};
}

Status Resampler::finish() { return context_ == nullptr ? Status{} : convert(nullptr, 0); }

Status Resampler::convert(const std::uint8_t* const* data, int count) {
  for (;;) {
    std::array<std::uint8_t*, 2> out{reinterpret_cast<std::uint8_t*>(left_.data()),
                                     reinterpret_cast<std::uint8_t*>(right_.data())};
    auto** const in = const_cast<const std::uint8_t**>(data);
    const int made = swr_convert(context_.get(), out.data(), kPiece, in, count);
    if (made < 0)
      return fail(Errc::kCorrupt, "its sound cannot be converted (" + ffmpeg_error(made) + ")");
    const std::span left(left_.data(), static_cast<std::size_t>(made));
    samples_ += left.size();
    const bool mono = shape_.channels == 1;
    if (made > 0 && !take_(left, mono ? left : std::span(right_.data(), left.size())))
      return fail(Errc::kUnavailable, "stopped");
    if (made < kPiece) return {};
    // The rest waits inside: asking without input would flush, so an empty one is given.
    if (data != nullptr) count = 0;
  }
}

}  // namespace groove::fetcher
