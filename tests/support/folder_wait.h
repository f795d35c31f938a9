// Waits until something is so that files in a folder decide: looks again whenever one was moved
// there, made or written, and at nothing else.
#pragma once

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "workers/base/check.h"

namespace groove::test {

// False when it is not so after `limit`.
template <class Condition>
bool wait_in(const std::filesystem::path& folder, std::chrono::milliseconds limit,
             const Condition& condition) {
  const int changes = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  GROOVE_CHECK(changes >= 0);
  GROOVE_CHECK(
      ::inotify_add_watch(changes, folder.c_str(), IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE) >= 0);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool is_so = condition();
  while (!is_so) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd wanted = {changes, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) break;
    std::array<char, 4096> events;
    while (::read(changes, events.data(), events.size()) > 0) continue;
    is_so = condition();
  }
  ::close(changes);
  return is_so;
}

}  // namespace groove::test
