#include "fetcher/decode.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <span>
#include <utility>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/media_file.h"
#include "fetcher/resampler.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"

namespace groove::fetcher {
namespace {

class Decoding {
 public:
  Decoding(MediaFile& file, AVCodecContext& codec, const TakeSamples& take)
      : file_(file), codec_(codec), resampler_(take), frame_(av_frame_alloc()) {
    GROOVE_CHECK(frame_ != nullptr);
  }

  Result<Decoded> run() {
    for (;;) {
      const auto packet = file_.next();
      if (!packet) return std::unexpected(packet.error());
      if (*packet == nullptr) break;
      if (const Status done = decode(*packet); !done) return std::unexpected(done.error());
    }
    // No packet: what the decoder and the resampler still hold.
    if (const Status done = decode(nullptr); !done) return std::unexpected(done.error());
    if (const Status done = resampler_.finish(); !done) return std::unexpected(done.error());
    return report();
  }

 private:
  Status decode(const AVPacket* packet) {
    if (packet != nullptr) {
      ++decoded_.packets;
      digest_.update(
          {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)});
    }
    int error = avcodec_send_packet(&codec_, packet);
    while (error >= 0) {
      error = avcodec_receive_frame(&codec_, frame_.get());
      if (error < 0) break;
      if (const Status pushed = resampler_.push(*frame_); !pushed) return pushed;
      if (seconds() > kSongSecondsMax) return fail(Errc::kInvalid, "it is longer than four hours");
    }
    if (error != AVERROR(EAGAIN) && error != AVERROR_EOF) ++decoded_.bad_packets;
    return {};
  }

  Result<Decoded> report() {
    decoded_.seconds = seconds();
    decoded_.codec = avcodec_get_name(codec_.codec_id);
    decoded_.audio_sha256 = digest_.finish();
    const double stated = file_.stated_seconds();
    if (decoded_.bad_packets * 10 > decoded_.packets)
      return fail(Errc::kCorrupt, "it is damaged: " + std::to_string(decoded_.bad_packets) +
                                      " of " + std::to_string(decoded_.packets) +
                                      " packets cannot be decoded");
    if (decoded_.seconds <= 0) return fail(Errc::kInvalid, "there is no sound in it");
    if (decoded_.seconds < 0.9 * stated && decoded_.seconds < stated - 1)
      return fail(Errc::kCorrupt, "it is cut short: " + whole(decoded_.seconds) + " of " +
                                      whole(stated) + " seconds are there");
    return std::move(decoded_);
  }

  static std::string whole(double seconds) { return std::to_string(static_cast<long>(seconds)); }
  double seconds() const { return static_cast<double>(resampler_.samples()) / sound::kSampleRate; }

  MediaFile& file_;
  AVCodecContext& codec_;
  Resampler resampler_;
  Ffmpeg<AVFrame> frame_;
  Sha256 digest_;
  Decoded decoded_;
};

}  // namespace

Result<Decoded> decode(const std::filesystem::path& file, const TakeSamples& take) {
  auto media = MediaFile::open(file);
  if (!media) return std::unexpected(media.error());
  const auto codec = media->decoder();
  if (!codec) return std::unexpected(codec.error());
  return Decoding(*media, **codec, take).run();
}

}  // namespace groove::fetcher
