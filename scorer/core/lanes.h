// Sixteen songs at once: float arithmetic on lanes, with exp and log that give the same bits
// whatever the register's width, because each lane does only + - * / and bit moves, in one order.
//
// These are the polynomials of Cephes' expf and logf (Moshier 1989): relative error below 3e-7,
// which is far under the 1/65536 nat that scores are rounded to. Functions are inlined by force:
// passing wide vectors between functions would depend on the machine's calling convention.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scorer/core/sound_table.h"

namespace groove::scorer {

using Lanes [[gnu::vector_size(64)]] = float;
using LaneBits [[gnu::vector_size(64)]] = std::int32_t;
using LaneShorts [[gnu::vector_size(32)]] = std::int16_t;

[[gnu::always_inline]] inline Lanes lanes_max(const Lanes& a, const Lanes& b) {
  return a > b ? a : b;
}

[[gnu::always_inline]] inline Lanes load_lanes(const std::array<float, kLanes>& from) {
  Lanes out;
  std::memcpy(&out, from.data(), sizeof(out));
  return out;
}

[[gnu::always_inline]] inline Lanes load_lanes(const std::int16_t* from) {
  LaneShorts shorts;
  std::memcpy(&shorts, from, sizeof(shorts));
  return __builtin_convertvector(shorts, Lanes);
}

// e^x for x <= 0; below e^-80 it is e^-80, which no sum here can tell from 0.
[[gnu::always_inline]] inline Lanes lanes_exp(Lanes x) {
  x = x < -80.0F ? Lanes{} - 80.0F : x;
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
  constexpr float kMagic = 12582912.0F;
  const Lanes shifted = x * 1.44269504F + kMagic;
  const Lanes n = shifted - kMagic;
  const Lanes r = (x - n * 0.693359375F) - n * -2.12194440e-4F;
  Lanes p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = (p * (r * r) + r) + 1.0F;
  const LaneBits power = __builtin_convertvector(n, LaneBits);
  LaneBits scale_bits = (power + 127) * (1 << 23);
  Lanes scale;
  std::memcpy(&scale, &scale_bits, sizeof(scale));
  return p * scale;
}

// The natural logarithm. Requires: x > 0, finite, not subnormal.
[[gnu::always_inline]] inline Lanes lanes_log(const Lanes& x) {
  LaneBits bits;
  std::memcpy(&bits, &x, sizeof(bits));
  LaneBits exponent = (bits >> 23) - 126;
  bits = (bits & 0x007fffff) | 0x3f000000;  // the mantissa, in [1/2, 1)
  Lanes m;
  std::memcpy(&m, &bits, sizeof(m));
  const LaneBits low = m < 0.707106781F;  // all ones where true, which is -1
  exponent += low;
  m = (low ? m + m : m) - 1.0F;
  const Lanes e = __builtin_convertvector(exponent, Lanes);
  const Lanes z = m * m;
  Lanes p = m * 7.0376836292e-2F - 1.1514610310e-1F;
  p = p * m + 1.1676998740e-1F;
  p = p * m - 1.2420140846e-1F;
  p = p * m + 1.4249322787e-1F;
  p = p * m - 1.6668057665e-1F;
  p = p * m + 2.0000714765e-1F;
  p = p * m - 2.4999993993e-1F;
  p = p * m + 3.3333331174e-1F;
  p = p * m * z;
  p = p + e * -2.12194440e-4F;
  p = p - z * 0.5F;
  return (m + p) + e * 0.693359375F;
}

}  // namespace groove::scorer
