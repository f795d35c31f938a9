// Child processes that listen to files (fetcher/listen.h), a few at a time. A file that two
// children break on, or that takes one too long, is given up; another child takes its place. (Two,
// because a child may end for a reason that is none of the file's.)
//
// One thread: run() does not return before the work is done. Requires: SIGPIPE is ignored
// (workers/shutdown.h).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "groove/v1/music.pb.h"
#include "workers/base/result.h"

namespace groove::fetcher {

struct PoolOptions {
  std::filesystem::path program;  // groove-fetcher
  unsigned children = 1;
  std::chrono::milliseconds per_file = std::chrono::minutes(5);  // then it is given up
  std::chrono::milliseconds grace{0};  // after a stop, for what is under way
};

class ListenerPool {
 public:
  explicit ListenerPool(PoolOptions options) : options_(std::move(options)) {}
  ~ListenerPool();
  ListenerPool(const ListenerPool&) = delete;
  ListenerPool& operator=(const ListenerPool&) = delete;

  // The next file to listen to, as long as there is one.
  using Next = std::function<std::optional<v1::ListenAsk>()>;
  // What came of one; what the same child shall do next with it, if anything.
  using Done = std::function<std::optional<v1::ListenAsk>(const v1::ListenAsk& ask,
                                                          const v1::ListenAnswer& answer)>;
  // Until all is done, or `stop` says so. Errors: kUnavailable (no child can be started).
  Status run(const Next& next, const Done& done, const std::function<bool()>& stop);

 private:
  using Time = std::chrono::steady_clock;
  struct Child {
    pid_t pid = -1;
    int to = -1, from = -1;
    std::string received;
    std::optional<v1::ListenAsk> ask;
    bool again = false;  // another child broke on it
    Time::time_point deadline;
  };

  Status start(Child& child);
  static std::string end(Child& child);  // how it ended, in words
  Status give(Child& child, std::optional<v1::ListenAsk> ask);
  Status hear(Child& child, const Done& done);
  Status broke(Child& child, const Done& done);
  static void give_up(Child& child, const std::string& why, const Done& done);
  void wait(std::chrono::milliseconds at_most);
  bool busy() const;

  PoolOptions options_;
  std::vector<Child> children_;
};

}  // namespace groove::fetcher
