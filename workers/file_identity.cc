#include "workers/file_identity.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace groove {

Result<FileIdentity> identify(const std::filesystem::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    return fail(absent ? Errc::kNotFound : Errc::kUnavailable,
                fmt::format("{}: {}", file.string(), std::strerror(errno)));
  }
  const std::chrono::seconds seconds(info.st_mtim.tv_sec);
  const std::chrono::nanoseconds rest(info.st_mtim.tv_nsec);
  return FileIdentity{.device = info.st_dev,
                      .inode = info.st_ino,
                      .size = static_cast<std::uint64_t>(info.st_size),
                      .modified = FileTime(seconds + rest)};
}

}  // namespace groove
