#include "clusterer/core/series_seed.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kKnownFloatsMax = 64 * 1024 * 1024;

// The index at which the running total of weights first exceeds a uniform share of the whole.
std::uint32_t draw_by_weight(const std::vector<double>& weights, Random& random) {
  const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
  double left = static_cast<double>(random.next() >> 11) * 0x1p-53 * whole;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = i;
    if (left < weights[i]) break;
    left -= weights[i];
  }
  return last;
}

}  // namespace

std::vector<std::uint32_t> draw_seeds(std::size_t count, std::size_t clusters, Random& random,
                                      const CostsTo& costs_to) {
  GROOVE_CHECK(clusters >= 1 && clusters <= count);
  std::vector<std::uint32_t> chosen = {static_cast<std::uint32_t>(random.below(count))};
  std::vector<double> nearest(count, std::numeric_limits<double>::infinity());
  std::vector<bool> taken(count, false);
  taken[chosen.front()] = true;
  while (chosen.size() < clusters) {
    const auto costs = costs_to(chosen.back());
    for (std::size_t i = 0; i < count; ++i)
      nearest[i] = taken[i] ? 0 : std::min(nearest[i], double{costs[i]});
    std::uint32_t next = draw_by_weight(nearest, random);
    if (taken[next])  // all that is left lies on what was chosen
      next = static_cast<std::uint32_t>(std::ranges::find(taken, false) - taken.begin());
    chosen.push_back(next);
    taken[next] = true;
  }
  return chosen;
}

Seeding::Seeding(const SeriesSet& set, const Measure& measure, unsigned threads)
    : set_(set),
      measure_(measure),
      threads_(threads),
      order_(set.size()),
      warps_(threads, Warp(measure.band)) {
  // Soft-DTW of a series with itself is not 0 and can be negative: DTW is its measure for starting.
  measure_.metric = Metric::kDtw;
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return set.steps(i); });
  const std::size_t groups = (set.size() + kLanes - 1) / kLanes;
  batches_.resize(keeps_packed() ? groups : threads);
  if (!keeps_packed()) return;
  for_each_task(groups, threads,
                [&](unsigned, std::size_t task) { batches_[task].pack(set, group(task)); });
}

std::span<const std::uint32_t> Seeding::group(std::size_t task) const {
  const std::size_t begin = task * kLanes;
  return std::span(order_).subspan(begin, std::min<std::size_t>(kLanes, order_.size() - begin));
}

std::vector<std::uint32_t> Seeding::draw(std::size_t clusters, Random& random) {
  return draw_seeds(set_.size(), clusters, random,
                    [&](std::uint32_t chosen) { return costs_to(chosen); });
}

const std::vector<float>& Seeding::costs_to(std::uint32_t chosen) {
  if (const auto found = known_.find(chosen); found != known_.end()) return found->second;
  if ((known_.size() + 1) * set_.size() > kKnownFloatsMax) known_.clear();
  std::vector<float> costs(set_.size());
  const Center center(set_[chosen], fast_form(set_.dims()));
  const std::size_t groups = (set_.size() + kLanes - 1) / kLanes;
  for_each_task(groups, threads_, [&](unsigned thread, std::size_t task) {
    Batch& batch = batches_[keeps_packed() ? task : thread];
    if (!keeps_packed()) batch.pack(set_, group(task));
    const auto found = warps_[thread].dtw(batch, center);
    for (std::size_t l = 0; l < group(task).size(); ++l) costs[group(task)[l]] = found[l];
  });
  costs[chosen] = 0;
  return known_[chosen] = std::move(costs);
}

}  // namespace groove::clusterer
