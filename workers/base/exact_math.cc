#include "workers/base/exact_math.h"

#include <cmath>
#include <limits>

#include "workers/base/check.h"

namespace groove {
namespace {

// ln 2 in two parts; the first has trailing zeros, so k * kLn2High is exact (fdlibm's split).
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kLog2E = 1.44269504088896338700e+00;

}  // namespace

double exact_exp(double x) {
  if (x != x) return x;
  if (x > 709.7) return std::numeric_limits<double>::infinity();
  if (x < -745.0) return 0.0;
  const double k = std::floor(x * kLog2E + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| <= ln2 / 2
  // Taylor to r^13 / 13!, Horner: the first term left out is below 2^-62 at |r| = ln2 / 2.
  double sum = 1.0 / 6227020800.0;
  constexpr double kInverseFactorials[] = {1.0 / 479001600.0,
                                           1.0 / 39916800.0,
                                           1.0 / 3628800.0,
                                           1.0 / 362880.0,
                                           1.0 / 40320.0,
                                           1.0 / 5040.0,
                                           1.0 / 720.0,
                                           1.0 / 120.0,
                                           1.0 / 24.0,
                                           1.0 / 6.0,
                                           0.5,
                                           1.0};
  for (const double c : kInverseFactorials) sum = sum * r + c;
  return std::ldexp(sum * r + 1.0, static_cast<int>(k));
}

double exact_log(double x) {
  GROOVE_CHECK(x > 0 && x <= std::numeric_limits<double>::max());
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // [0.5, 1)
  if (m < 0.70710678118654752440) {
    m *= 2;
    --exponent;
  }
  // log m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716: odd powers to s^23.
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 1.0 / 23.0;
  for (int n = 21; n >= 1; n -= 2) sum = sum * s2 + 1.0 / n;
  const double k = exponent;
  return k * kLn2High + (2 * s * sum + k * kLn2Low);
}

}  // namespace groove
