#include "workers/base/exact_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>

namespace groove {
namespace {

TEST(ExactMathTest, ExpIsWithinItsStatedErrorOfTheTrueValue) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const double x = (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5) * 1400;
    const long double truth = std::exp(static_cast<long double>(x));
    if (truth < 1e-300L) continue;
    EXPECT_LE(std::fabs((exact_exp(x) - truth) / truth), 4e-16L) << "x = " << x;
  }
}

TEST(ExactMathTest, LogIsWithinItsStatedErrorOfTheTrueValue) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200'000; ++i) {
    const double x = std::ldexp(0.5 + static_cast<double>(random() >> 11) * 0x1p-54,
                                static_cast<int>(random() % 600) - 300);
    const long double truth = std::log(static_cast<long double>(x));
    EXPECT_LE(std::fabs(exact_log(x) - truth), 6e-16L * std::max(1.0L, std::fabs(truth)))
        << "x = " << x;
  }
}

TEST(ExactMathTest, TheEndsOfTheRangeAreWhatTheHeaderSays) {
  EXPECT_EQ(exact_exp(0), 1.0);
  EXPECT_EQ(exact_exp(-1000), 0.0);
  EXPECT_TRUE(std::isinf(exact_exp(1000)));
  EXPECT_TRUE(std::isnan(exact_exp(std::nan(""))));
  EXPECT_EQ(exact_log(1), 0.0);
}

// The very bits, so that a compiler, a flag or a machine that rounds otherwise is caught.
TEST(ExactMathTest, TheBitsAreTheSameEverywhere) {
  std::uint64_t hash = 0;
  for (int i = 1; i < 1000; ++i) {
    for (const double y : {exact_exp(-0.37 * i), exact_log(0.0173 * i)}) {
      std::uint64_t bits;
      static_assert(sizeof bits == sizeof y);
      std::memcpy(&bits, &y, sizeof y);
      hash = hash * 0x9e3779b97f4a7c15ULL + bits;
    }
  }
  EXPECT_EQ(hash, 2963645853444110719u);
}

}  // namespace
}  // namespace groove
