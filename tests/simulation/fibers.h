// Many threads of control in one thread, interleaved by a seed: each runs until it waits or yields,
// and whoever may run next is drawn by lot. Time is virtual: it moves only when nobody can run.
//
// This is what lets the simulation run the very worker loop that ships, which is written as plain
// blocking code.
#pragma once

#include <boost/context/fiber.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/base/clock.h"

namespace groove::simulation {

// splitmix64 (Steele, Lea & Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool chance(std::uint32_t permille) { return below(1000) < permille; }

 private:
  std::uint64_t state_;
};

// Thrown inside a fiber that is killed, so that its stack unwinds. What it held in memory is gone.
struct Killed {};

class Fibers final : public Clock {
 public:
  using Id = std::size_t;

  explicit Fibers(Dice& dice) : dice_(dice) {}
  ~Fibers() override;

  Id start(std::function<void()> body);
  void kill(Id fiber);
  bool alive(Id fiber) const { return fibers_[fiber]->alive; }

  // From inside a fiber: lets others run; waits until `ready` or the time is up. True when ready.
  void yield();
  bool wait(std::chrono::milliseconds time, const std::function<bool()>& ready);

  // Lets one fiber run for one turn, or time pass when none can.
  void turn();

  std::int64_t unix_us() const override { return now_us_; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(now_us_));
  }
  void pause(std::chrono::milliseconds time) const override {
    const_cast<Fibers*>(this)->wait(time, [] { return false; });
  }

 private:
  struct Fiber {
    boost::context::fiber context;  // the fiber while it rests, its caller while it runs
    bool alive = true;
    bool killed = false;
    std::int64_t until_us = 0;
    std::function<bool()> ready;
  };

  bool can_run(const Fiber& fiber) const;
  void run(Fiber& fiber);
  void rest();

  Dice& dice_;
  std::int64_t now_us_ = 1'700'000'000'000'000;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  Fiber* running_ = nullptr;
};

}  // namespace groove::simulation
