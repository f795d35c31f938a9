#include "fetcher/analysis_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/ids.h"
#include "workers/base/sha256.h"
#include "workers/mapped_file.h"

namespace groove::fetcher {
namespace {

constexpr std::string_view kMark = "GRVR";
constexpr std::size_t kSumBytes = 8, kHeadBytes = 16;
constexpr std::size_t kRecordBytesMax = 16 * 1024 * 1024;
constexpr std::uint64_t kWasteMax = 16 * 1024 * 1024;  // kept before the file is packed

std::unexpected<Error> refused(const std::filesystem::path& file) {
  return fail(Errc::kUnavailable, fmt::format("{}: {}", file.string(), std::strerror(errno)));
}

std::string_view sum_of(const Digest& digest) { return as_bytes(digest).substr(0, kSumBytes); }

std::string framed(const std::string& message) {
  std::string out(kMark);
  append_le(out, static_cast<std::uint32_t>(message.size()));
  out += sum_of(sha256(message));
  return out + message;
}

// The message of the record that begins `bytes`; nothing when none does.
std::optional<std::string_view> record_at(std::string_view bytes) {
  if (bytes.size() < kHeadBytes || !bytes.starts_with(kMark)) return std::nullopt;
  const std::uint32_t size = read_le<std::uint32_t>(bytes, kMark.size());
  if (size > kRecordBytesMax || size > bytes.size() - kHeadBytes) return std::nullopt;
  const std::string_view message = bytes.substr(kHeadBytes, size);
  if (sum_of(sha256(message)) != bytes.substr(kHeadBytes - kSumBytes, kSumBytes))
    return std::nullopt;
  return message;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<AnalysisStore> AnalysisStore::open(const std::filesystem::path& folder, Use use) {
  AnalysisStore store;
  store.file_ = folder / "records";
  if (use == Use::kWrite) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
      return fail(Errc::kUnavailable, fmt::format("{}: {}", folder.string(), error.message()));
    if (auto locked = store.lock(folder); !locked) return std::unexpected(locked.error());
    store.fd_ = ::open(store.file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  } else {
    store.fd_ = ::open(store.file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (store.fd_ < 0 && errno == ENOENT) return store;
  }
  if (store.fd_ < 0) return refused(store.file_);
  if (auto loaded = store.load(); !loaded) return std::unexpected(loaded.error());
  if (use == Use::kWrite && store.is_wasteful())
    if (auto packed = store.pack(); !packed) return std::unexpected(packed.error());
  return store;
}

AnalysisStore::AnalysisStore(AnalysisStore&& other) noexcept
    : file_(std::move(other.file_)),
      lock_(std::exchange(other.lock_, -1)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      damaged_(other.damaged_),
      live_(other.live_),
      files_(std::move(other.files_)),
      songs_(std::move(other.songs_)) {}

AnalysisStore::~AnalysisStore() {
  if (fd_ >= 0) ::close(fd_);
  if (lock_ >= 0) ::close(lock_);
}

Status AnalysisStore::lock(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return refused(file);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
    return fail(Errc::kBusy, "another process is listening to the music folders just now");
  return {};
}

Status AnalysisStore::load() {
  const auto mapped = MappedFile::open(file_);
  if (!mapped) return std::unexpected(mapped.error());
  const std::string_view bytes = mapped->bytes();
  size_ = bytes.size();
  for (std::size_t at = 0; at < bytes.size();) {
    if (const auto message = record_at(bytes.substr(at))) {
      take(*message, at + kHeadBytes);
      at += kHeadBytes + message->size();
    } else {
      const std::size_t next = std::min(bytes.find(kMark, at + 1), bytes.size());
      damaged_ += next - at;
      at = next;
    }
  }
  return {};
}

void AnalysisStore::take(std::string_view message, std::uint64_t at) {
  v1::MusicRecord record;
  if (!record.ParseFromArray(message.data(), static_cast<int>(message.size()))) return;
  live_ += message.size();
  if (record.has_file_seen()) return note(record.file_seen(), message.size());
  const v1::SongHeard& heard = record.song_heard();
  Place& place = songs_[heard.audio()];
  live_ -= place.bytes;
  place = {{heard.song_id(), heard.version()}, at, message.size()};
}

void AnalysisStore::note(const v1::FileSeen& seen, std::size_t bytes) {
  const auto known = files_.find(seen.path());
  if (known != files_.end()) {
    live_ -= std::min<std::uint64_t>(live_, known->second.ByteSizeLong());
    if (seen.gone()) files_.erase(known);
  }
  if (seen.gone())
    live_ -= std::min<std::uint64_t>(live_, bytes);
  else
    files_[seen.path()] = seen;
}

const v1::FileSeen* AnalysisStore::file(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

const AnalysisStore::Song* AnalysisStore::song(const std::string& audio) const {
  const auto found = songs_.find(audio);
  return found == songs_.end() ? nullptr : &found->second.song;
}

std::optional<v1::Heard> AnalysisStore::heard(const std::string& audio) const {
  const auto found = songs_.find(audio);
  if (found == songs_.end()) return std::nullopt;
  const Place& place = found->second;
  std::string record(kHeadBytes + place.bytes, '\0');
  const ssize_t n =
      ::pread(fd_, record.data(), record.size(), static_cast<off_t>(place.at - kHeadBytes));
  if (n != static_cast<ssize_t>(record.size())) return std::nullopt;
  const auto message = record_at(record);
  v1::MusicRecord parsed;
  if (!message || !parsed.ParseFromArray(message->data(), static_cast<int>(message->size())))
    return std::nullopt;
  return parsed.song_heard().heard();
}

Status AnalysisStore::add(v1::FileSeen seen) {
  v1::MusicRecord record;
  *record.mutable_file_seen() = std::move(seen);
  return append(record);
}

Status AnalysisStore::add(v1::SongHeard heard) {
  v1::MusicRecord record;
  *record.mutable_song_heard() = std::move(heard);
  return append(record);
}

Status AnalysisStore::forget(const std::string& path) {
  v1::FileSeen gone;
  gone.set_path(path);
  gone.set_gone(true);
  return add(std::move(gone));
}

Status AnalysisStore::append(const v1::MusicRecord& record) {
  GROOVE_CHECK(lock_ >= 0);
  const std::string message = record.SerializeAsString();
  if (!write_all(fd_, framed(message))) {
    const Error error = refused(file_).error();
    const off_t end = ::lseek(fd_, 0, SEEK_END);  // what was half written is passed over later
    if (end >= 0) size_ = static_cast<std::uint64_t>(end);
    return std::unexpected(error);
  }
  take(message, size_ + kHeadBytes);
  size_ += kHeadBytes + message.size();
  return {};
}

Status AnalysisStore::sync() {
  if (::fdatasync(fd_) != 0) return refused(file_);
  return {};
}

bool AnalysisStore::is_wasteful() const { return size_ > 2 * live_ + kWasteMax; }

// Writes what counts beside the file and renames it over; a crash leaves the one or the other.
Status AnalysisStore::pack() {
  const std::filesystem::path fresh = file_.string() + ".tmp";
  AnalysisStore packed;
  packed.file_ = fresh;
  packed.lock_ = ::dup(lock_);
  packed.fd_ = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (packed.fd_ < 0) return refused(fresh);
  for (const auto& [path, seen] : files_)
    if (auto added = packed.add(seen); !added) return added;
  std::map<std::string, const Place*> in_order;
  for (const auto& [audio, place] : songs_) in_order.emplace(audio, &place);
  for (const auto& [audio, place] : in_order) {
    v1::SongHeard song;
    song.set_audio(audio);
    song.set_song_id(place->song.id);
    song.set_version(place->song.version);
    auto what = heard(audio);
    if (!what) continue;
    *song.mutable_heard() = std::move(*what);
    if (auto added = packed.add(std::move(song)); !added) return added;
  }
  if (auto synced = packed.sync(); !synced) return synced;
  if (::rename(fresh.c_str(), file_.c_str()) != 0) return refused(file_);
  std::swap(fd_, packed.fd_);
  std::swap(songs_, packed.songs_);
  size_ = packed.size_;
  live_ = packed.live_;
  return {};
}

}  // namespace groove::fetcher
