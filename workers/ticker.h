// Whether a moment has come, at most once a period. Belongs to one thread.
#pragma once

#include <algorithm>
#include <chrono>

namespace groove {

class Ticker {
 public:
  explicit Ticker(std::chrono::milliseconds period) : period_(period), due_(Time::now()) {}

  bool due() {
    const auto now = Time::now();
    if (now < due_) return false;
    due_ = now + period_;
    return true;
  }

  std::chrono::milliseconds left() const {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(due_ - Time::now()),
                    std::chrono::milliseconds(0));
  }

 private:
  using Time = std::chrono::steady_clock;
  std::chrono::milliseconds period_;
  Time::time_point due_;
};

}  // namespace groove
