#include "tests/support/redis_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "workers/base/check.h"

extern char** environ;

namespace groove::test {
namespace {

pid_t spawn(std::vector<std::string> arguments, const std::string& log) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  pid_t pid = -1;
  GROOVE_CHECK(posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&files);
  return pid;
}

bool answers(const std::string& address) {
  boost::asio::io_context io;
  Redis redis(io, *RedisAddress::parse(address));
  return redis.roundtrip(RedisCommand{"PING"}).has_value();
}

}  // namespace

RedisServer::RedisServer(std::filesystem::path folder, std::vector<std::string> options)
    : folder_(std::move(folder)), options_(std::move(options)) {
  start();
}

RedisServer::~RedisServer() { kill(); }

void RedisServer::start() {
  std::vector<std::string> command = {"redis-server",
                                      "--port",
                                      "0",
                                      "--unixsocket",
                                      (folder_ / "redis.sock").string(),
                                      "--dir",
                                      folder_.string(),
                                      "--appendonly",
                                      "yes",
                                      "--appendfsync",
                                      "always",
                                      "--save",
                                      ""};
  command.insert(command.end(), options_.begin(), options_.end());
  pid_ = spawn(std::move(command), (folder_ / "redis.log").string());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!answers(address())) {
    GROOVE_CHECK(std::chrono::steady_clock::now() < deadline);
    std::this_thread::yield();
  }
}

void RedisServer::signal(int signal) { GROOVE_CHECK(::kill(pid_, signal) == 0); }

void RedisServer::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace groove::test
