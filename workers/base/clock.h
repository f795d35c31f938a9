// Time as an argument: code that needs the time is given a Clock, so a test can hold it still.
#pragma once

#include <chrono>
#include <cstdint>
#include <thread>

namespace groove {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, microseconds since 1970-01-01 UTC. May step backwards.
  virtual std::int64_t unix_us() const = 0;
  // Time that only goes forward; for deadlines and durations.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
  // Lets that long pass.
  virtual void pause(std::chrono::milliseconds time) const { std::this_thread::sleep_for(time); }
};

class SystemClock final : public Clock {
 public:
  std::int64_t unix_us() const override {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace groove
