// Whether a moment has come, at most once a period. Belongs to one thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "workers/base/clock.h"

namespace groove {

class Ticker {
 public:
  Ticker(const Clock& clock, std::chrono::milliseconds period)
      : clock_(clock), period_(period), due_(clock.steady()) {}

  bool due() {
    const auto now = clock_.steady();
    if (now < due_) return false;
    due_ = now + period_;
    return true;
  }

  std::chrono::milliseconds left() const {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(due_ - clock_.steady()),
                    std::chrono::milliseconds(0));
  }

 private:
  const Clock& clock_;
  std::chrono::milliseconds period_;
  std::chrono::steady_clock::time_point due_;
};

}  // namespace groove
