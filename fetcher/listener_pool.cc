#include "fetcher/listener_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fetcher/frames_io.h"

extern char** environ;

namespace groove::fetcher {
namespace {

constexpr std::chrono::milliseconds kLook(100);  // for a stop, and for files that take too long

struct Pipe {
  int read = -1, write = -1;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{ends[0], ends[1]};
}

void close_end(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

// Never "all processes", which is what kill() takes -1 for.
void kill_child(pid_t pid) {
  if (pid > 0) ::kill(pid, SIGKILL);
}

v1::ListenAnswer refusal(const std::string& why) {
  v1::ListenAnswer answer;
  answer.set_refusal(why);
  return answer;
}

}  // namespace

ListenerPool::~ListenerPool() {
  for (Child& child : children_) {
    if (child.ask) kill_child(child.pid);
    end(child);
  }
}

Status ListenerPool::start(Child& child) {
  const auto in = make_pipe(), out = make_pipe();
  if (!in || !out) return fail(Errc::kUnavailable, "no pipe can be had for a child process");
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in->read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out->write, STDOUT_FILENO);
  std::string program = options_.program.string(), command = "analyze-worker";
  std::array<char*, 3> arguments = {program.data(), command.data(), nullptr};
  const int error =
      posix_spawn(&child.pid, program.c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(in->read);
  ::close(out->write);
  child.to = in->write;
  child.from = out->read;
  child.received.clear();
  if (error == 0) return {};
  child.pid = -1;
  end(child);
  return fail(Errc::kUnavailable, fmt::format("{} cannot be started: {}", options_.program.string(),
                                              std::strerror(error)));
}

std::string ListenerPool::end(Child& child) {
  close_end(child.to);
  close_end(child.from);
  if (child.pid < 0) return {};
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  child.pid = -1;
  if (WIFSIGNALED(status)) return ::strsignal(WTERMSIG(status));
  return fmt::format("exit {}", WEXITSTATUS(status));
}

bool ListenerPool::busy() const {
  return std::ranges::any_of(children_, [](const Child& child) { return child.ask.has_value(); });
}

Status ListenerPool::give(Child& child, std::optional<v1::ListenAsk> ask) {
  child.ask = std::move(ask);
  if (!child.ask) return {};
  child.deadline = Time::now() + options_.per_file;
  for (int tries = 0; tries < 2; ++tries) {
    if (child.pid < 0)
      if (auto started = start(child); !started) {
        child.ask.reset();
        return started;
      }
    if (write_frame(child.to, child.ask->SerializeAsString())) return {};
    end(child);  // it died between two files
  }
  child.ask.reset();
  return fail(Errc::kUnavailable, "a child process ends before it takes any work");
}

Status ListenerPool::run(const Next& next, const Done& done, const std::function<bool()>& stop) {
  children_.resize(std::max(1U, options_.children));
  std::optional<Time::time_point> stop_at;
  for (bool more = true; more || busy();) {
    if (!stop_at && stop()) stop_at = Time::now() + options_.grace;
    if (stop_at && (!busy() || Time::now() >= *stop_at)) return {};
    for (Child& child : children_) {
      if (child.ask || !more || stop_at) continue;
      auto ask = next();
      more = ask.has_value();
      if (auto given = give(child, std::move(ask)); !given) return given;
    }
    wait(kLook);
    for (Child& child : children_) {
      if (!child.ask) continue;
      if (auto heard = hear(child, done); !heard) return heard;
      if (child.ask && Time::now() > child.deadline) {
        kill_child(child.pid);
        end(child);
        give_up(
            child,
            fmt::format("it took longer than {} s to listen to", options_.per_file.count() / 1000),
            done);
      }
    }
    if (stop_at) more = false;
  }
  return {};
}

void ListenerPool::wait(std::chrono::milliseconds at_most) {
  std::vector<pollfd> ends;
  for (const Child& child : children_)
    if (child.ask) ends.push_back({.fd = child.from, .events = POLLIN, .revents = 0});
  if (!ends.empty()) ::poll(ends.data(), ends.size(), static_cast<int>(at_most.count()));
}

// Takes what has come from a child, without waiting for more.
Status ListenerPool::hear(Child& child, const Done& done) {
  pollfd end_of_pipe{.fd = child.from, .events = POLLIN, .revents = 0};
  if (::poll(&end_of_pipe, 1, 0) <= 0) return {};
  std::array<char, 64 * 1024> piece;
  const ssize_t n = ::read(child.from, piece.data(), piece.size());
  if (n < 0 && errno == EINTR) return {};
  bool broken = n <= 0;
  if (n > 0) child.received.append(piece.data(), static_cast<std::size_t>(n));
  const auto frame = broken ? std::nullopt : take_frame(child.received, broken);
  v1::ListenAnswer answer;
  if (frame && answer.ParseFromString(*frame)) {
    const v1::ListenAsk ask = *child.ask;
    child.again = false;
    return give(child, done(ask, answer));
  }
  if (!frame && !broken) return {};
  kill_child(child.pid);  // it has ended, or what it says is no answer
  return broke(child, done);
}

Status ListenerPool::broke(Child& child, const Done& done) {
  const std::string how = end(child);
  if (!child.again) {
    child.again = true;
    return give(child, std::move(child.ask));
  }
  give_up(child, fmt::format("the decoder broke on it ({})", how), done);
  return {};
}

void ListenerPool::give_up(Child& child, const std::string& why, const Done& done) {
  const v1::ListenAsk ask = *child.ask;
  child.ask.reset();
  child.again = false;
  done(ask, refusal(why));
}

}  // namespace groove::fetcher
