#include "fetcher/media_file.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libswresample/swresample.h>
}

#include <array>
#include <string>
#include <system_error>
#include <utility>

#include "fetcher/wav_header.h"
#include "workers/base/check.h"

namespace groove::fetcher {
namespace {

// What holds music. Others read other files (playlists, image sequences), or nobody's music.
constexpr const char* kFormats =
    "aac,aiff,ape,asf,caf,flac,matroska,webm,mov,mp4,m4a,mp3,mpc,mpc8,ogg,tta,w64,wav,wv";
constexpr std::size_t kAllocationMax = 64 * 1024 * 1024;  // a header may claim any size

class Options {
 public:
  Options() = default;
  ~Options() { av_dict_free(&entries_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  void set(const char* key, const char* value) { av_dict_set(&entries_, key, value, 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

void quiet_ffmpeg() {
  static const bool once = [] {
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(kAllocationMax);
    return true;
  }();
  static_cast<void>(once);
}

Status check_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return fail(Errc::kNotFound, "there is no such file");
  if (!std::filesystem::is_regular_file(status)) return fail(Errc::kInvalid, "it is not a file");
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(Errc::kUnavailable, "it cannot be read: " + error.message());
  if (size == 0) return fail(Errc::kInvalid, "the file is empty");
  return {};
}

// Copy protection of the iTunes and Audible shops, of MP4's common encryption, and of Windows
// Media.
bool copy_protected(const AVFormatContext& container, const AVStream& stream) {
  for (const char* name : {"drms", "enca", "aavd", "aavx"})
    if (stream.codecpar->codec_tag == MKTAG(name[0], name[1], name[2], name[3])) return true;
  if (av_stream_get_side_data(&stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr) != nullptr)
    return true;
  return av_dict_get(container.metadata, "ASF_Protection_Type", nullptr, 0) != nullptr;
}

}  // namespace

void FfmpegDeleter::operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
void FfmpegDeleter::operator()(AVFormatContext* container) const {
  avformat_close_input(&container);
}
void FfmpegDeleter::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void FfmpegDeleter::operator()(AVPacket* packet) const { av_packet_free(&packet); }
void FfmpegDeleter::operator()(SwrContext* resampler) const { swr_free(&resampler); }

std::string ffmpeg_error(int number) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(number, text.data(), text.size());
  return text.data();
}

MediaFile::MediaFile(Ffmpeg<AVFormatContext> container, AVStream* stream, const AVCodec* codec,
                     double wav_seconds)
    : container_(std::move(container)),
      stream_(stream),
      codec_(codec),
      wav_seconds_(wav_seconds),
      packet_(av_packet_alloc()) {
  GROOVE_CHECK(packet_ != nullptr);
}

Result<MediaFile> MediaFile::open(const std::filesystem::path& file) {
  if (const Status readable = check_file(file); !readable) return std::unexpected(readable.error());
  quiet_ffmpeg();
  Options options;
  options.set("protocol_whitelist", "file");
  options.set("format_whitelist", kFormats);
  AVFormatContext* opened = nullptr;
  const std::string url = "file:" + file.string();
  if (const int error = avformat_open_input(&opened, url.c_str(), nullptr, options.get());
      error < 0) {
    if (error == AVERROR(EACCES)) return fail(Errc::kUnavailable, "it may not be read");
    return fail(Errc::kInvalid, "it is no music file we can read (" + ffmpeg_error(error) + ")");
  }
  Ffmpeg<AVFormatContext> container(opened);
  if (const int error = avformat_find_stream_info(opened, nullptr); error < 0)
    return fail(Errc::kCorrupt, "its streams cannot be read (" + ffmpeg_error(error) + ")");
  const AVCodec* codec = nullptr;
  const int found = av_find_best_stream(opened, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0);
  if (found == AVERROR_STREAM_NOT_FOUND) return fail(Errc::kInvalid, "there is no sound in it");
  const int index =
      found < 0 ? av_find_best_stream(opened, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0) : found;
  AVStream* const stream = opened->streams[index < 0 ? 0 : index];
  if (copy_protected(*opened, *stream)) return fail(Errc::kInvalid, "it is copy-protected");
  if (found < 0) return fail(Errc::kInvalid, "its sound is of a kind we cannot decode");
  for (unsigned i = 0; i < opened->nb_streams; ++i)
    if (opened->streams[i] != stream) opened->streams[i]->discard = AVDISCARD_ALL;
  return MediaFile(std::move(container), stream, codec, wav_stated_seconds(file));
}

Result<const AVPacket*> MediaFile::next() {
  for (;;) {
    av_packet_unref(packet_.get());
    const int error = av_read_frame(container_.get(), packet_.get());
    if (error == AVERROR_EOF) return nullptr;
    if (error < 0) return fail(Errc::kCorrupt, "it is damaged (" + ffmpeg_error(error) + ")");
    if (packet_->stream_index == stream_->index) return packet_.get();
  }
}

Result<Ffmpeg<AVCodecContext>> MediaFile::decoder() const {
  Ffmpeg<AVCodecContext> context(avcodec_alloc_context3(codec_));
  GROOVE_CHECK(context != nullptr);
  int error = avcodec_parameters_to_context(context.get(), stream_->codecpar);
  context->thread_count = 1;
  context->pkt_timebase = stream_->time_base;
  if (error >= 0) error = avcodec_open2(context.get(), codec_, nullptr);
  if (error < 0)
    return fail(Errc::kCorrupt, "its sound cannot be decoded (" + ffmpeg_error(error) + ")");
  return context;
}

double MediaFile::stated_seconds() const {
  if (wav_seconds_ > 0) return wav_seconds_;
  if (container_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0;
  if (container_->duration <= 0) return 0;
  return static_cast<double>(container_->duration) / AV_TIME_BASE;
}

}  // namespace groove::fetcher
