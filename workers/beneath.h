// Opens files beneath a folder and nothing else: for paths that come from outside or from files
// that may have changed since they were looked at.
//
// The kernel holds the rule (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS); where it has no
// such call, the path is walked name by name without following links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "workers/base/result.h"
#include "workers/durable_file.h"

namespace groove {

class FileBeneath {
 public:
  // `path` is relative, of plain names with slashes between them. Errors: kInvalid (it is not, or
  // has "." or ".." in it), kNotFound (no such file, a symbolic link on the way, or not a regular
  // file), kUnavailable (it cannot be read).
  static Result<FileBeneath> open(const std::filesystem::path& root, std::string_view path);

  FileBeneath(FileBeneath&& other) noexcept;
  FileBeneath& operator=(FileBeneath&& other) noexcept;
  ~FileBeneath();

  std::uint64_t size() const { return size_; }
  std::uint64_t inode() const { return inode_; }
  FileTime modified() const { return modified_; }

  // Up to `count` bytes from `offset`; fewer only at the end. Errors: kUnavailable.
  Result<std::string> read(std::uint64_t offset, std::size_t count) const;

 private:
  explicit FileBeneath(int fd) : fd_(fd) {}
  Status look();

  int fd_ = -1;
  std::uint64_t size_ = 0, inode_ = 0;
  FileTime modified_;
};

namespace detail {
// What open() does without the kernel's help; the descriptor, or -1 with errno. For tests.
int walk_beneath(const std::filesystem::path& root, std::string_view path);
}  // namespace detail

}  // namespace groove
