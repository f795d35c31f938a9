#include "workers/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "workers/mapped_file.h"

namespace groove {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const fs::path& file, int error) {
  return fail(Errc::kUnavailable,
              fmt::format("{} cannot be written: {}", file.string(), std::strerror(error)));
}

// Two writers of one file, in this process or another, must not share what is beside it.
fs::path beside(const fs::path& file) {
  static std::atomic<unsigned> count = 0;
  return file.parent_path() /
         fmt::format(".{}.{}.{}.tmp", file.filename().string(), ::getpid(), ++count);
}

// Each returns 0 or the errno.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

int stamp(int fd, FileTime modified) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(modified);
  const timespec time{.tv_sec = seconds.time_since_epoch().count(),
                      .tv_nsec = (modified - seconds).count()};
  const timespec times[2] = {time, time};
  return ::futimens(fd, times) == 0 ? 0 : errno;
}

int write_new(const fs::path& file, std::string_view bytes, std::optional<FileTime> modified) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return errno;
  int error = write_all(fd, bytes);
  if (error == 0 && modified) error = stamp(fd, *modified);
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  return error;
}

int sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

}  // namespace

FileTime file_clock_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return FileTime(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

Status replace_file(const fs::path& file, std::string_view bytes,
                    std::optional<FileTime> modified) {
  const fs::path fresh = beside(file);
  int error = write_new(fresh, bytes, modified);
  if (error == 0 && ::rename(fresh.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(fresh.c_str());
    return refused(file, error);
  }
  if (const int unsynced = sync_folder(file.parent_path())) return refused(file, unsynced);
  return {};
}

Result<std::string> read_file(const fs::path& file) {
  const auto mapped = MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  return std::string(mapped->bytes());
}

}  // namespace groove
