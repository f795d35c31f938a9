#include "gateway/song_audio.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "gateway/core/range.h"
#include "workers/base/utf8.h"
#include "workers/beneath.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kLicenceBytesMax = 256 * 1024;
constexpr auto kComeBack = std::chrono::seconds(2);

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kTypes = {{
    {"mp3", "audio/mpeg"},
    {"flac", "audio/flac"},
    {"ogg", "audio/ogg"},
    {"oga", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"m4a", "audio/mp4"},
    {"m4b", "audio/mp4"},
    {"mp4", "audio/mp4"},
    {"aac", "audio/aac"},
    {"wav", "audio/wav"},
    {"webm", "audio/webm"},
    {"wma", "audio/x-ms-wma"},
    {"aif", "audio/aiff"},
    {"aiff", "audio/aiff"},
    {"mka", "audio/x-matroska"},
    {"ape", "audio/x-ape"},
    {"wv", "audio/x-wavpack"},
}};

std::string_view type_of(std::string_view path) {
  const std::string_view extension = path.substr(std::min(path.rfind('.'), path.size() - 1) + 1);
  const auto found = std::ranges::find_if(
      kTypes, [&](const auto& type) { return same_ignoring_case(type.first, extension); });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

// Another one whenever the file is replaced or written to.
std::string tag_of(const FileBeneath& file) {
  return fmt::format("\"{:x}-{:x}-{:x}\"", file.inode(), file.size(),
                     file.modified().time_since_epoch().count());
}

Reply no_sound() {
  return problem(404, "There is no music file of that song here: it came from a list of songs.");
}

Reply refused(const Error& error) {
  if (error.code == Errc::kUnavailable)
    return come_back(503, "The music file cannot be read just now.", kComeBack);
  return problem(404, "The music file is no longer where it was; the next scan will see to it.");
}

}  // namespace

// A part of a file as the body of an answer.
class SongAudio::Piecewise : public BodySource {
 public:
  Piecewise(FileBeneath file, ByteRange range, asio::thread_pool& disk)
      : file_(std::move(file)), size_(range.count), at_(range.first), left_(size_), disk_(disk) {}

  std::uint64_t size() const override { return size_; }

  asio::awaitable<Result<std::string>> next() override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPieceBytes));
    if (wanted == 0) co_return std::string();
    auto piece = co_await asio::co_spawn(disk_, read(wanted), asio::use_awaitable);
    if (piece && piece->size() < wanted)
      co_return fail(Errc::kUnavailable, "The file became shorter while it was read.");
    at_ += wanted;
    left_ -= wanted;
    co_return piece;
  }

 private:
  asio::awaitable<Result<std::string>> read(std::size_t count) { co_return file_.read(at_, count); }

  FileBeneath file_;
  std::uint64_t size_, at_, left_;
  asio::thread_pool& disk_;
};

Answer SongAudio::stream(const MusicFiles* files, const std::string& song_id,
                         const Request& request) {
  const v1::MusicFile* const file = files == nullptr ? nullptr : files->find(song_id);
  if (file == nullptr) return {.reply = no_sound()};
  auto opened = FileBeneath::open(files->root(*file), file->path());
  if (!opened) return {.reply = refused(opened.error())};
  const std::string tag = tag_of(*opened);
  const RangeChoice choice = choose_range(request, opened->size(), tag);
  Answer answer;
  answer.reply.status = choice.status;
  if (choice.status == 416) answer.reply = problem(416, "The file has no such part.");
  std::vector<Field>& headers = answer.reply.headers;
  headers.insert(headers.end(),
                 {{"Accept-Ranges", "bytes"}, {"Cache-Control", "private, no-cache"}});
  if (choice.status == 206 || choice.status == 416)
    headers.push_back({"Content-Range", content_range(choice, opened->size())});
  if (choice.status == 416) return answer;
  headers.push_back({"ETag", tag});
  if (choice.status == 304) return answer;
  headers.push_back({"Content-Type", std::string(type_of(file->path()))});
  answer.body = std::make_shared<Piecewise>(std::move(*opened), choice.range, disk_);
  return answer;
}

Reply SongAudio::licence(const MusicFiles* files, const std::string& song_id) const {
  const v1::MusicFile* const file = files == nullptr ? nullptr : files->find(song_id);
  if (file == nullptr) return no_sound();
  const auto found = file->licence().empty()
                         ? Result<FileBeneath>(fail(Errc::kNotFound, "there is none"))
                         : FileBeneath::open(files->root(*file), file->licence());
  const auto text = found ? found->read(0, kLicenceBytesMax) : std::unexpected(found.error());
  if (text)
    return {200, {{"Content-Type", "text/plain; charset=utf-8"}}, mended_utf8(*text), nullptr};
  return problem(404, "No licence lies beside that song's file.");
}

}  // namespace groove::gateway
