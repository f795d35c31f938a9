// Tasks for several threads, each not before its time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <utility>

namespace groove::fetcher {

template <class Task>
class TimedTasks {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(Time time, Task task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.emplace(time, std::move(task));
    }
    changed_.notify_one();
  }

  // Waits for the next one that is due. False: it shall stop.
  bool next(const std::stop_token& stop, Task& task) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (tasks_.empty()) {
        changed_.wait(lock, stop, [this] { return !tasks_.empty(); });
        continue;
      }
      const Time first = tasks_.begin()->first;
      if (first <= std::chrono::steady_clock::now()) {
        task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        return true;
      }
      changed_.wait_until(lock, stop, first,
                          [&] { return !tasks_.empty() && tasks_.begin()->first < first; });
    }
    return false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Time, Task> tasks_;
};

}  // namespace groove::fetcher
