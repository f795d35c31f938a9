// Four frames side by side: lane j of every value belongs to frame j of a batch. The transform and
// all that follows it does the same work for each lane, so the compiler's vectors need no shuffles
// (SSE2 and NEON: one register), and the order of the additions is the same on every machine.
#pragma once

#include <cstdint>

namespace groove::sound {

inline constexpr int kLanes = 4;
using Lanes [[gnu::vector_size(16)]] = float;
using LaneBits [[gnu::vector_size(16)]] = std::int32_t;

inline Lanes spread(float value) { return Lanes{value, value, value, value}; }

// max(a, b) of each lane.
inline Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

// log2 of each lane to 2e-6: the exponent's bits, and the series of atanh for the mantissa.
// Requires: positive, finite, not denormal.
inline Lanes log2_of(Lanes x) {
  const LaneBits bits = reinterpret_cast<LaneBits>(x);
  // The mantissa is brought to sqrt(1/2)..sqrt(2), where the series is short.
  const LaneBits exponent = (bits - 0x3f3504f3) >> 23;
  const Lanes mantissa = reinterpret_cast<Lanes>(bits - (exponent << 23));
  const Lanes t = (mantissa - 1.0F) / (mantissa + 1.0F);
  const Lanes t2 = t * t;
  const Lanes series = 2.88539008F + t2 * (0.961796694F + t2 * (0.577078016F + t2 * 0.412198583F));
  return __builtin_convertvector(exponent, Lanes) + t * series;
}

// Decibels of a power, each lane.
inline Lanes decibels(Lanes power) { return 3.01029996F * log2_of(power); }

}  // namespace groove::sound
