// Whether something changed in some folders: inotify over each of them.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

namespace groove::fetcher {

class FolderChanges {
 public:
  FolderChanges();
  ~FolderChanges();
  FolderChanges(const FolderChanges&) = delete;
  FolderChanges& operator=(const FolderChanges&) = delete;

  // From now on these, each without those below it. False: not all could be watched (there is a
  // limit a user), so changes may go unnoticed.
  bool watch(const std::vector<std::filesystem::path>& folders);

  // Waits until something has changed, at most so long. What is told of twice is one change.
  bool wait(std::chrono::milliseconds at_most);

 private:
  int fd_ = -1;
  std::vector<int> watches_;
};

}  // namespace groove::fetcher
