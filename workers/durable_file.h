// Replaces a file so that after a crash there is either the old one whole or the new one whole:
// written beside it, fsynced, renamed over it, the folder fsynced.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "workers/base/result.h"

namespace groove {

using FileTime = std::chrono::sys_time<std::chrono::nanoseconds>;

// Now, by the clock that most file systems stamp files by: the kernel's coarse one. The precise one
// runs ahead of it by up to a tick, so that a file written just after would seem older than this.
FileTime file_clock_now();

// `modified`: the time of last change that the new file shall bear; now, unless given. The file
// beside is ".<name>.<process>.<count>.tmp"; it is removed on failure and stays only if the process
// is killed within the write.
// Errors: kUnavailable (the disk refused; `file` is as it was).
Status replace_file(const std::filesystem::path& file, std::string_view bytes,
                    std::optional<FileTime> modified = std::nullopt);

// Errors: kNotFound, kUnavailable.
Result<std::string> read_file(const std::filesystem::path& file);

}  // namespace groove
