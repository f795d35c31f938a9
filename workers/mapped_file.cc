#include "workers/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace groove {
namespace {

std::unexpected<Error> failure(const std::filesystem::path& file, int error) {
  const bool absent = error == ENOENT || error == ENOTDIR;
  return fail(absent ? Errc::kNotFound : Errc::kUnavailable,
              fmt::format("{} cannot be read: {}", file.string(), std::strerror(error)));
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failure(file, errno);
  struct stat info{};
  void* data = MAP_FAILED;
  int error = ::fstat(fd, &info) == 0 ? 0 : errno;
  if (error == 0 && S_ISDIR(info.st_mode)) error = EISDIR;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (error == 0 && size > 0) {
    data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) error = errno;
  }
  ::close(fd);
  if (error != 0) return failure(file, error);
  // The kernel maps no empty file: that one is a view of nothing.
  return size == 0 ? MappedFile(nullptr, 0) : MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace groove
