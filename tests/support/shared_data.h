// Real data that may or may not be beside the project: ../shared, or where GROOVE_SHARED says.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace groove::test {

// The file's path; a test that needs it skips when it is not there. Tests run in the project's
// root.
inline std::filesystem::path shared_data(const std::filesystem::path& name) {
  const char* const given = std::getenv("GROOVE_SHARED");
  return std::filesystem::path(given == nullptr ? "../shared" : given) / "data" / name;
}

}  // namespace groove::test

#define GROOVE_SKIP_WITHOUT(file)     \
  if (!std::filesystem::exists(file)) \
  GTEST_SKIP() << (file).string() << " is not there: real data is tested only beside the project"
