// Random numbers that are the same everywhere: splitmix64 (Steele, Lea & Flood, "Fast splittable
// pseudorandom number generators", 2014) and integers below a bound without bias. The standard
// library's distributions differ between implementations, so they are not used.
#pragma once

#include <cstdint>

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove::clusterer {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mix64(state_ += 0x9e3779b97f4a7c15ULL); }

  // Uniform in 0 .. bound - 1: what would favour the low numbers is drawn again.
  // Requires: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    GROOVE_CHECK(bound > 0);
    const std::uint64_t uneven = (0 - bound) % bound;  // 2^64 mod bound
    for (;;) {
      const std::uint64_t drawn = next();
      if (drawn >= uneven) return drawn % bound;
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace groove::clusterer
