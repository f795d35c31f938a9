#include "tests/bench/clusterer/fma_peak.h"

#include <algorithm>
#include <ctime>

namespace groove::bench {
namespace {

constexpr int kRounds = 400'000, kTries = 7;
constexpr int kSums = 12;  // independent, so that latency does not count

#if defined(__x86_64__)
[[gnu::target("avx512f")]] double of_avx512() {
  using V = float __attribute__((vector_size(64)));
  V sums[kSums] = {};
  const V a = V{} + 0.5F;
  for (int round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int s = 0; s < kSums; ++s) asm volatile("vfmadd231ps %1, %1, %0" : "+v"(sums[s]) : "v"(a));
  return double{kRounds} * kSums * 16;
}

[[gnu::target("avx2,fma")]] double of_avx2() {
  using V = float __attribute__((vector_size(32)));
  V sums[kSums] = {};
  const V a = V{} + 0.5F;
  for (int round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int s = 0; s < kSums; ++s) asm volatile("vfmadd231ps %1, %1, %0" : "+x"(sums[s]) : "x"(a));
  return double{kRounds} * kSums * 8;
}
#endif

double of_baseline() {
  using V = float __attribute__((vector_size(16)));
  V sums[kSums] = {};
  V a = V{} + 0.5F;
  for (int round = 0; round < kRounds; ++round) {
    asm volatile("" : "+m"(a));
#pragma GCC unroll 12
    for (int s = 0; s < kSums; ++s) sums[s] = sums[s] * a + a;
  }
  V all = sums[0];
  for (int s = 1; s < kSums; ++s) all += sums[s];
  asm volatile("" : : "m"(all));
  return double{kRounds} * kSums * 4;
}

}  // namespace

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double fma_peak(std::string_view set) {
  double best = 0;
  for (int i = 0; i < kTries; ++i) {
    const double before = processor_seconds();
    double done = 0;
#if defined(__x86_64__)
    done = set == "avx512" ? of_avx512() : set == "avx2" ? of_avx2() : of_baseline();
#else
    static_cast<void>(set);
    done = of_baseline();
#endif
    best = std::max(best, done / (processor_seconds() - before));
  }
  return best;
}

}  // namespace groove::bench
