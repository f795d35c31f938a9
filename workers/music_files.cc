#include "workers/music_files.h"

#include <map>
#include <utility>

#include "workers/base/ids.h"
#include "workers/base/sha256.h"
#include "workers/base/utf8.h"
#include "workers/durable_file.h"
#include "workers/mapped_file.h"

namespace groove {
namespace {

constexpr std::string_view kMagic = "GRVFIL01";
constexpr std::size_t kDigestBytes = 32;

std::unexpected<Error> corrupt(const std::string& what) {
  return fail(Errc::kCorrupt, "not a whole list of music files: " + what);
}

}  // namespace

Result<MusicFiles> MusicFiles::open(const std::filesystem::path& file) {
  const auto mapped = MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  const std::string_view bytes = mapped->bytes();
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kDigestBytes)
    return corrupt("it does not begin with GRVFIL01");
  const std::string_view body = bytes.substr(kMagic.size() + kDigestBytes);
  if (as_bytes(sha256(body)) != bytes.substr(kMagic.size(), kDigestBytes))
    return corrupt("its digest differs");
  v1::MusicFiles message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return corrupt("it is no message");
  return from(std::move(message));
}

Result<MusicFiles> MusicFiles::from(v1::MusicFiles message) {
  MusicFiles files(std::move(message));
  if (auto good = files.check(); !good) return std::unexpected(good.error());
  return files;
}

MusicFiles::MusicFiles(v1::MusicFiles message)
    : message_(std::make_unique<const v1::MusicFiles>(std::move(message))) {
  for (const v1::MusicFile& file : message_->files()) by_song_.emplace(file.song_id(), &file);
}

Status MusicFiles::check() const {
  for (const v1::MusicRoot& root : message_->roots())
    if (!root.path().starts_with('/') || root.name().empty() ||
        root.name().find('/') != std::string::npos)
      return corrupt("a root");
  const auto roots = static_cast<std::uint32_t>(message_->roots_size());
  for (const v1::MusicFile& file : message_->files())
    if (file.root() >= roots || file.path().starts_with('/')) return corrupt("a file");
  for (const v1::PlaylistFile& playlist : message_->playlists())
    if (playlist.root() >= roots || playlist.path().starts_with('/')) return corrupt("a playlist");
  return {};
}

std::filesystem::path MusicFiles::root(const v1::MusicFile& file) const {
  return message_->roots(static_cast<int>(file.root())).path();
}

const v1::MusicFile* MusicFiles::find(std::string_view song_id) const {
  const auto found = by_song_.find(song_id);
  return found == by_song_.end() ? nullptr : found->second;
}

std::string MusicFiles::name(const v1::MusicFile& file) const {
  return name(file.root(), file.path());
}

std::string MusicFiles::name(const v1::PlaylistFile& playlist) const {
  return name(playlist.root(), playlist.path());
}

std::string MusicFiles::name(std::uint32_t root, std::string_view path) const {
  return message_->roots(static_cast<int>(root)).name() + '/' + mended_utf8(path);
}

std::vector<MusicFiles::Folder> MusicFiles::folders() const {
  std::map<std::string, std::size_t> counts;
  for (const v1::MusicFile& file : message_->files()) {
    const std::string whole = name(file);
    for (std::size_t slash = whole.find('/'); slash != whole.npos;
         slash = whole.find('/', slash + 1))
      ++counts[whole.substr(0, slash)];
  }
  std::vector<Folder> out;
  for (auto& [folder, count] : counts) out.push_back({folder, count});
  return out;
}

Status write_music_files(const std::filesystem::path& file, const v1::MusicFiles& message) {
  const std::string body = message.SerializeAsString();
  std::string bytes(kMagic);
  bytes += as_bytes(sha256(body));
  if (auto written = replace_file(file, bytes + body); !written) return written;
  std::error_code ignored;  // for its owner's eyes
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  return {};
}

}  // namespace groove
