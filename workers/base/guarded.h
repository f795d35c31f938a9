// Guarded<T>: data that several threads share lives inside its lock and can be reached no other
// way.
//
//   Guarded<Table> table;
//   table.with([&](Table& t) { t.insert(row); });
#pragma once

#include <mutex>
#include <utility>

namespace groove {

template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  // Runs `use` with the value while the lock is held. Do not block in it.
  template <class Use>
  decltype(auto) with(Use&& use) {
    std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace groove
