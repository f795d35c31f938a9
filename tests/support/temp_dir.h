// A folder of a test's own, removed with everything in it. Its path is short, for sockets.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "workers/base/check.h"

namespace groove::test {

class TempDir {
 public:
  TempDir() {
    char path[] = "/tmp/groove-test-XXXXXX";
    GROOVE_CHECK(mkdtemp(path) != nullptr);
    path_ = path;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace groove::test
