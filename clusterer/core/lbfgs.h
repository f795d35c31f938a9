// Least values of smooth functions of many variables: limited-memory BFGS (Nocedal 1980; Nocedal &
// Wright, "Numerical Optimization", algorithms 7.4 and 7.5) with ten pairs, a diagonal the caller
// knows as the first guess of the curvature, and steps halved until they fall enough (Armijo).
// Sums are taken in order, so the same function gives the same steps everywhere.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace groove::clusterer {

struct LbfgsOptions {
  unsigned iterations_max = 100;
  double fall_min = 1e-4;  // stop when a step falls by less, of the value's size
};

// Returns the value; writes gradient and (when asked for) the curvature along each axis, > 0.
using Smooth = std::function<double(std::span<const double> x, std::span<double> gradient,
                                    std::span<double> curvature)>;

// Moves `x` to where the function is lower, in steps; returns the value there, never above that of
// the start.
double minimise(const Smooth& function, std::vector<double>& x, const LbfgsOptions& options);

}  // namespace groove::clusterer
