// 2^-t and log2 of a few, as soft-DTW needs them: sums in base two want no constants.
#pragma once

#include "clusterer/core/simd.h"

namespace groove::clusterer::GROOVE_ISA_NAME {

// 2^t, relative error below 3e-7; 0 below -126. Taylor of e^(f ln 2) for the fraction f, |f| <=
// 1/2. Requires: t <= 0.
GROOVE_INLINE V power_below_one(V t) {
  const V clamped = most(t, all(-127));
  const V whole = nearest_whole(clamped);
  const V f = sub(clamped, whole);
  const V f2 = mul(f, f);
  const V low = mul_add(f, all(0.693147180559945F), all(1));
  const V middle = mul_add(f, all(0.0555041086648216F), all(0.240226506959101F));
  const V high = mul_add(f2, all(0.000154035303933816F),
                         mul_add(f, all(0.00133335581464284F), all(0.00961812910762848F)));
  return mul(mul_add(f2, mul_add(f2, high, middle), low), power_of_two(whole));
}

// log2 of 1 .. 3, absolute error below 3e-7: log((1 + z) / (1 - z)) = 2 (z + z^3 / 3 + ...) round
// the nearest of 1, sqrt 2, 2 and 2 sqrt 2, so |z| < 0.087.
GROOVE_INLINE V log2_from_one_to_three(V s) {
  const V one = all(1.1892071150F), two = all(1.6817928305F), three = all(2.3784142300F);
  const V near = if_below(
      s, one, all(1),
      if_below(s, two, all(1.4142135624F), if_below(s, three, all(2), all(2.8284271247F))));
  const V half =
      if_below(s, one, all(0), if_below(s, two, all(0.5F), if_below(s, three, all(1), all(1.5F))));
  const V z = div(sub(s, near), add(s, near));
  const V z2 = mul(z, z);
  const V series = mul_add(z2, mul_add(z2, all(0.577078016355585F), all(0.961796693925976F)),
                           all(2.88539008177793F));
  return mul_add(z, series, half);
}

}  // namespace groove::clusterer::GROOVE_ISA_NAME
