#include "workers/shutdown.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace groove {
namespace {

std::atomic<bool> requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

constexpr int kInsisted = 130;

void on_signal(int) {
  if (requested.exchange(true)) _exit(kInsisted);
}

}  // namespace

void watch_for_stop() {
  struct sigaction action = {};
  action.sa_handler = on_signal;  // no SA_RESTART: a wait in progress ends
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return requested.load(); }

}  // namespace groove
