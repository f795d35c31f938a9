#include "clusterer/core/drift.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "workers/base/check.h"

namespace groove::clusterer {
namespace {

constexpr double kStep = 0x1p-23;    // twice what one rounding of a float can do
constexpr double kUp = 1 + 0x1p-40;  // covers the doubles' own rounding

}  // namespace

Drift::Drift(const SeriesView& before, const SeriesView& after)
    : known_(before.values.size() == after.values.size()) {
  GROOVE_CHECK(before.dims == after.dims);
  if (!known_) return;
  for (std::size_t at = 0; at < before.values.size(); at += before.dims) {
    double square = 0;
    for (std::size_t d = 0; d < before.dims; ++d) {
      const double moved = double{after.values[at + d]} - before.values[at + d];
      square += moved * moved;
    }
    sum_ += square;
    max_ = std::max(max_, square);
  }
}

double Drift::distance(std::size_t steps) const {
  return std::sqrt(sum_ + static_cast<double>(steps - 1) * max_) * kUp;
}

Rounding::Rounding(const Center& center, std::size_t steps, double square_max, bool soft) {
  const double cells = center.rows() + static_cast<double>(steps);
  relative = (cells + center.dims() + 8) * kStep;
  if (!center.direct())
    absolute = cells * (center.dims() + 4) * kStep * (square_max + center.square_max());
  if (soft) absolute += cells * (4e-7 + 2 * relative);
}

double Rounding::below(double cost) const { return cost - relative * std::fabs(cost) - absolute; }

double soft_fall_max(std::size_t n, std::size_t m) {
  const double a = static_cast<double>(n) - 1, b = static_cast<double>(m) - 1;
  if (a <= 0 || b <= 0) return 0;
  return (a * std::asinh(b / a) + b * std::asinh(a / b)) / std::numbers::ln2 * kUp;
}

}  // namespace groove::clusterer
