#include "ledger/io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "workers/base/check.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const char* doing, const fs::path& path, int error) {
  const Errc code = error == ENOENT ? Errc::kNotFound : Errc::kUnavailable;
  return fail(code,
              std::string("cannot ") + doing + " " + path.string() + ": " + std::strerror(error));
}

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<Descriptor> open_path(const fs::path& path, int flags) {
  for (;;) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (fd >= 0) return Descriptor(fd);
    if (errno != EINTR) return refused("open", path, errno);
  }
}

class SystemFile final : public File {
 public:
  SystemFile(Descriptor fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Status write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return refused("write", path_, n < 0 ? errno : EIO);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  Result<std::string> read(std::uint64_t offset, std::size_t size) const override {
    auto whole = this->size();
    if (!whole) return std::unexpected(whole.error());
    const std::uint64_t there = offset < *whole ? *whole - offset : 0;
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, there)), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto n = ::pread(fd_.get(), bytes.data() + done, bytes.size() - done,
                             static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return refused("read", path_, errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    bytes.resize(done);
    return bytes;
  }

  Result<std::uint64_t> size() const override {
    struct stat info = {};
    if (::fstat(fd_.get(), &info) != 0) return refused("look at", path_, errno);
    return static_cast<std::uint64_t>(info.st_size);
  }

  Status sync() override {
    if (::fdatasync(fd_.get()) != 0) return refused("sync", path_, errno);
    return {};
  }

 private:
  Descriptor fd_;
  fs::path path_;
};

class SystemLock final : public Lock {
 public:
  explicit SystemLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // closing it lets the lock go
};

std::string holder(int fd) {
  char text[32] = {};
  const auto n = ::pread(fd, text, sizeof text - 1, 0);
  return n > 0 ? std::string(text, static_cast<std::size_t>(n)) : "unknown";
}

class SystemIo final : public Io {
 public:
  Result<std::unique_ptr<File>> open(const fs::path& file, Mode mode) override {
    const int flags = mode == Mode::kRead    ? O_RDONLY
                      : mode == Mode::kWrite ? O_RDWR
                                             : O_RDWR | O_CREAT | O_TRUNC;
    auto fd = open_path(file, flags);
    if (!fd) return std::unexpected(fd.error());
    return std::make_unique<SystemFile>(std::move(*fd), file);
  }

  Result<std::vector<std::string>> list(const fs::path& folder) override {
    std::error_code error;
    std::vector<std::string> names;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) return refused("list", folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  Status make_folder(const fs::path& folder) override {
    const auto parent = folder.parent_path();
    if (!parent.empty() && parent != folder && !fs::exists(parent))
      if (auto ok = make_folder(parent); !ok) return ok;
    if (::mkdir(folder.c_str(), 0700) != 0)
      return errno == EEXIST ? Status{} : refused("make the folder", folder, errno);
    return sync_folder(parent.empty() ? "." : parent);
  }

  Status rename(const fs::path& from, const fs::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return refused("rename", from, errno);
    return {};
  }

  Status remove(const fs::path& file) override {
    if (::remove(file.c_str()) != 0) return refused("remove", file, errno);
    return {};
  }

  Status sync_folder(const fs::path& folder) override {
    auto fd = open_path(folder, O_RDONLY | O_DIRECTORY);
    if (!fd) return std::unexpected(fd.error());
    if (::fsync(fd->get()) != 0) return refused("sync", folder, errno);
    return {};
  }

  Result<std::unique_ptr<Lock>> lock(const fs::path& file) override {
    auto fd = open_path(file, O_RDWR | O_CREAT);
    if (!fd) return std::unexpected(fd.error());
    if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return refused("lock", file, errno);
      return fail(Errc::kConflict, "the ledger is in use: process " + holder(fd->get()) +
                                       " holds " + file.string() +
                                       ". A ledger has one writer; stop that one first");
    }
    // For people who look; the lock itself is the kernel's.
    const std::string pid = std::to_string(::getpid());
    if (::ftruncate(fd->get(), 0) != 0 || ::pwrite(fd->get(), pid.data(), pid.size(), 0) < 0)
      return refused("write", file, errno);
    return std::make_unique<SystemLock>(std::move(*fd));
  }

  std::string random(std::size_t size) override {
    GROOVE_CHECK(size <= 256);  // up to there getrandom gives all or nothing
    std::string bytes(size, '\0');
    GROOVE_CHECK(::getrandom(bytes.data(), size, 0) == static_cast<ssize_t>(size));
    return bytes;
  }
};

}  // namespace

Io& system_io() {
  static SystemIo io;
  return io;
}

}  // namespace groove::ledger
