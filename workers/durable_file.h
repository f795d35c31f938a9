// Replaces a file so that after a crash there is either the old one whole or the new one whole:
// written beside it, fsynced, renamed over it, the folder fsynced.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "workers/base/result.h"

namespace groove {

// Errors: kUnavailable (the disk refused; `file` is as it was).
Status replace_file(const std::filesystem::path& file, std::string_view bytes);

// Errors: kNotFound, kUnavailable.
Result<std::string> read_file(const std::filesystem::path& file);

}  // namespace groove
