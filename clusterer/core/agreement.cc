#include "clusterer/core/agreement.h"

#include <map>
#include <utility>

#include "workers/base/check.h"

namespace groove::clusterer {
namespace {

double pairs(double n) { return n * (n - 1) / 2; }

template <class Counts>
double pairs_within(const Counts& counts) {
  double sum = 0;
  for (const auto& [group, count] : counts) sum += pairs(count);
  return sum;
}

}  // namespace

double adjusted_rand_index(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  GROOVE_CHECK(a.size() == b.size() && !a.empty());
  std::map<std::uint32_t, double> in_a, in_b;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> in_both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++in_a[a[i]];
    ++in_b[b[i]];
    ++in_both[{a[i], b[i]}];
  }
  const double both = pairs_within(in_both), of_a = pairs_within(in_a), of_b = pairs_within(in_b);
  const double all = pairs(static_cast<double>(a.size()));
  const double expected = all > 0 ? of_a * of_b / all : 0, most = (of_a + of_b) / 2;
  return most == expected ? 1 : (both - expected) / (most - expected);
}

}  // namespace groove::clusterer
