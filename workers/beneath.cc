#include "workers/beneath.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace groove {
namespace {

constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;  // a FIFO must not block

// Calls use(name, is_last) for each name of the path until it says no.
template <class Use>
bool each_name(std::string_view path, Use use) {
  while (true) {
    const std::size_t slash = path.find('/');
    const bool last = slash == path.npos;
    if (!use(path.substr(0, slash), last)) return false;
    if (last) return true;
    path.remove_prefix(slash + 1);
  }
}

bool plain(std::string_view path) {
  if (path.find('\0') != path.npos) return false;
  return each_name(path, [](std::string_view name, bool) {
    return !name.empty() && name != "." && name != "..";
  });
}

int open_root(const std::filesystem::path& root) {
  return ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

// -1 with errno; ENOSYS where the kernel or a sandbox does not have the call.
int resolve_beneath(int root, const std::string& path) {
  open_how how{};
  how.flags = kReadFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  long fd = -1;
  do fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how));
  while (fd < 0 && (errno == EINTR || errno == EAGAIN));  // EAGAIN: something was renamed meanwhile
  if (fd < 0 && errno == EPERM) errno = ENOSYS;
  return static_cast<int>(fd);
}

// Takes `folder` over.
int walk(int folder, std::string_view path) {
  int fd = folder;
  each_name(path, [&](std::string_view name, bool last) {
    const int flags = last ? kReadFlags : O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    const int next = ::openat(fd, std::string(name).c_str(), flags);
    const int error = errno;
    ::close(fd);
    errno = error;
    fd = next;
    return fd >= 0;
  });
  return fd;
}

int open_file(const std::filesystem::path& root, std::string_view path) {
  const int folder = open_root(root);
  if (folder < 0) return -1;
  const int fd = resolve_beneath(folder, std::string(path));
  if (fd < 0 && errno == ENOSYS) return walk(folder, path);
  const int error = errno;
  ::close(folder);
  errno = error;
  return fd;
}

}  // namespace

int detail::walk_beneath(const std::filesystem::path& root, std::string_view path) {
  const int folder = open_root(root);
  return folder < 0 ? -1 : walk(folder, path);
}

Result<FileBeneath> FileBeneath::open(const std::filesystem::path& root, std::string_view path) {
  if (!plain(path)) return fail(Errc::kInvalid, "not a plain path beneath a folder");
  FileBeneath file(open_file(root, path));
  if (file.fd_ < 0) {
    const bool absent =
        errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EXDEV || errno == ENXIO;
    return fail(absent ? Errc::kNotFound : Errc::kUnavailable,
                fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if (auto looked = file.look(); !looked) return std::unexpected(looked.error());
  return file;
}

Status FileBeneath::look() {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) return fail(Errc::kUnavailable, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return fail(Errc::kNotFound, "not a regular file");
  size_ = static_cast<std::uint64_t>(info.st_size);
  inode_ = info.st_ino;
  modified_ = FileTime(std::chrono::seconds(info.st_mtim.tv_sec) +
                       std::chrono::nanoseconds(info.st_mtim.tv_nsec));
  return {};
}

FileBeneath::FileBeneath(FileBeneath&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      inode_(other.inode_),
      modified_(other.modified_) {}

FileBeneath& FileBeneath::operator=(FileBeneath&& other) noexcept {
  std::swap(fd_, other.fd_);
  size_ = other.size_;
  inode_ = other.inode_;
  modified_ = other.modified_;
  return *this;
}

FileBeneath::~FileBeneath() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string> FileBeneath::read(std::uint64_t offset, std::size_t count) const {
  std::string out(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t n =
        ::pread(fd_, out.data() + have, count - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Errc::kUnavailable, std::strerror(errno));
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.resize(have);
  return out;
}

}  // namespace groove
