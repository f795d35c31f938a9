// Whether a file is still the one that was looked at before: a replaced file has another inode, a
// changed one another time or size.
#pragma once

#include <cstdint>
#include <filesystem>

#include "workers/durable_file.h"

namespace groove {

struct FileIdentity {
  std::uint64_t device = 0, inode = 0, size = 0;
  FileTime modified;
  bool operator==(const FileIdentity&) const = default;
};

// Follows links. Errors: kNotFound, kUnavailable.
Result<FileIdentity> identify(const std::filesystem::path& file);

}  // namespace groove
