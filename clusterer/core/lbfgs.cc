#include "clusterer/core/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace groove::clusterer {
namespace {

using Values = std::vector<double>;

constexpr std::size_t kPairs = 10;
constexpr int kHalvingsMax = 20;
constexpr double kEnough = 1e-4;  // of what the slope promises

struct Pair {
  Values step, change;  // of x, of the gradient
  double product = 0;
};

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void add(Values& to, double times, const Values& what) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += times * what[i];
}

// The two-loop recursion: the gradient through the inverse curvature.
Values direction(const std::deque<Pair>& pairs, const Values& gradient, const Values& curvature) {
  Values out = gradient, weights(pairs.size());
  for (std::size_t p = pairs.size(); p-- > 0;) {
    weights[p] = dot(pairs[p].step, out) / pairs[p].product;
    add(out, -weights[p], pairs[p].change);
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] /= curvature[i];
  for (std::size_t p = 0; p < pairs.size(); ++p)
    add(out, weights[p] - dot(pairs[p].change, out) / pairs[p].product, pairs[p].step);
  for (double& value : out) value = -value;
  return out;
}

void remember(std::deque<Pair>& pairs, Values step, Values change) {
  const double product = dot(step, change);
  if (product <= 1e-12 * std::sqrt(dot(step, step) * dot(change, change))) return;
  if (pairs.size() == kPairs) pairs.pop_front();
  pairs.push_back({std::move(step), std::move(change), product});
}

Values difference(const Values& a, const Values& b) {
  Values out = a;
  add(out, -1, b);
  return out;
}

}  // namespace

double minimise(const Smooth& function, std::vector<double>& x, const LbfgsOptions& options) {
  Values gradient(x.size()), curvature(x.size());
  double value = function(x, gradient, curvature);
  std::deque<Pair> pairs;
  for (unsigned step = 0; step < options.iterations_max; ++step) {
    Values way = direction(pairs, gradient, curvature);
    double slope = dot(way, gradient);
    if (!(slope < 0)) break;
    double length = 1, found = value;
    Values there, slope_there(x.size()), curvature_there(x.size());
    bool falls = false;
    for (int halving = 0; halving < kHalvingsMax && !falls; ++halving, length /= 2) {
      there = x;
      add(there, length, way);
      found = function(there, slope_there, curvature_there);
      falls = found <= value + kEnough * length * slope;
    }
    if (!falls) break;
    remember(pairs, difference(there, x), difference(slope_there, gradient));
    const double fall = value - found;
    x = std::move(there);
    gradient = std::move(slope_there);
    curvature = std::move(curvature_there);
    value = found;
    if (fall <= options.fall_min * std::max(std::fabs(value), 1.0)) break;
  }
  return value;
}

}  // namespace groove::clusterer
