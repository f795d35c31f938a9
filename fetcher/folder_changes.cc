#include "fetcher/folder_changes.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace groove::fetcher {
namespace {

// A file that is still being written is told of when it is closed.
constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                   IN_DELETE | IN_DELETE_SELF | IN_ATTRIB | IN_ONLYDIR;

}  // namespace

FolderChanges::FolderChanges() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FolderChanges::~FolderChanges() {
  if (fd_ >= 0) ::close(fd_);
}

bool FolderChanges::watch(const std::vector<std::filesystem::path>& folders) {
  std::vector<int> now;
  bool all = fd_ >= 0;
  for (const std::filesystem::path& folder : folders) {
    const int watch = ::inotify_add_watch(fd_, folder.c_str(), kChanges);
    all = all && watch >= 0;
    if (watch >= 0) now.push_back(watch);
  }
  // The same folder keeps its number, so only those that are no longer wanted are dropped.
  std::ranges::sort(now);
  for (const int old : watches_)
    if (!std::ranges::binary_search(now, old)) ::inotify_rm_watch(fd_, old);
  watches_ = std::move(now);
  return all;
}

bool FolderChanges::wait(std::chrono::milliseconds at_most) {
  pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
  if (::poll(&ready, fd_ >= 0 ? 1 : 0, static_cast<int>(at_most.count())) <= 0) return false;
  alignas(inotify_event) std::array<char, 16 * 1024> events;
  bool changed = false;
  for (ssize_t n; (n = ::read(fd_, events.data(), events.size())) > 0;)
    for (ssize_t at = 0; at < n;) {
      const auto* event = reinterpret_cast<const inotify_event*>(events.data() + at);
      changed = changed || (event->mask & IN_IGNORED) == 0;  // that is our own dropping of a watch
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  return changed;
}

}  // namespace groove::fetcher
