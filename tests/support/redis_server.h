// A real redis-server of a test's own, on a UNIX socket, configured as deploy/ configures it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "workers/redis.h"

namespace groove::test {

class RedisServer {
 public:
  // Starts it and waits until it answers. `folder` must exist; `options` are more of
  // redis-server's own.
  explicit RedisServer(std::filesystem::path folder, std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string address() const { return "unix:" + (folder_ / "redis.sock").string(); }

  void kill();   // SIGKILL, as a crash would
  void start();  // again, on the same files
  void signal(int signal);

 private:
  std::filesystem::path folder_;
  std::vector<std::string> options_;
  pid_t pid_ = -1;
};

}  // namespace groove::test
