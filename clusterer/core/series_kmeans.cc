#include "clusterer/core/series_kmeans.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "clusterer/core/barycenter.h"
#include "clusterer/core/series_seed.h"
#include "clusterer/core/soft_barycenter.h"
#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

using Members = std::vector<std::vector<std::uint32_t>>;

class Steps {
 public:
  Steps(const SeriesSet& set, std::vector<Series> start, const SeriesOptions& options)
      : set_(set),
        options_(options),
        threads_(thread_count(options.threads)),
        assignment_(set, options.measure, threads_, options.bounds),
        averaging_(set, options.measure.band, threads_) {
    out_.barycenters = std::move(start);
  }

  SeriesClustering run() {
    double before = std::numeric_limits<double>::infinity();
    for (;;) {
      const std::size_t moved = assignment_.assign(out_.barycenters);
      const std::size_t repaired = repair_empty_clusters();
      const double inertia = series_inertia(options_.measure.metric, assignment_.costs());
      if (options_.on_step) options_.on_step(out_.iterations + 1, inertia, moved);
      out_.converged = repaired == 0 && settled(moved, before, inertia);
      if (out_.converged || out_.iterations == options_.iterations_max ||
          options_.stop.stop_requested())
        break;
      move_barycenters();
      ++out_.iterations;
      before = inertia;
    }
    tally();
    return std::move(out_);
  }

 private:
  bool settled(std::size_t moved, double before, double inertia) const {
    if (moved == 0 && all_settled_) return true;
    return std::fabs(before - inertia) <= options_.tolerance * std::fabs(inertia);
  }

  std::size_t repair_empty_clusters() {
    const Members members = assignment_.members();
    std::vector<std::size_t> sizes;
    for (const auto& of : members) sizes.push_back(of.size());
    std::size_t repaired = 0;
    for (std::uint32_t c = 0; c < sizes.size(); ++c) {
      if (sizes[c] != 0) continue;
      const auto farthest = farthest_not_alone(sizes);
      if (!farthest) break;
      --sizes[assignment_.labels()[*farthest]];
      ++sizes[c];
      assignment_.give(*farthest, c);
      const SeriesView series = set_[*farthest];
      out_.barycenters[c] = {set_.dims(), {series.values.begin(), series.values.end()}};
      ++repaired;
    }
    return repaired;
  }

  std::optional<std::uint32_t> farthest_not_alone(const std::vector<std::size_t>& sizes) const {
    std::optional<std::uint32_t> farthest;
    const auto& costs = assignment_.costs();
    for (std::uint32_t i = 0; i < costs.size(); ++i) {
      if (sizes[assignment_.labels()[i]] < 2) continue;
      if (!farthest || costs[i] > costs[*farthest]) farthest = i;
    }
    return farthest;
  }

  void move_barycenters() {
    const Members members = assignment_.members();
    if (options_.measure.metric == Metric::kSoftDtw) return move_softly(members);
    auto done = averaging_.average(out_.barycenters, members, options_.averaging_max);
    out_.averaging_passes += done.passes;
    all_settled_ = std::ranges::all_of(done.settled, std::identity{});
    assignment_.know(std::move(done.known), std::move(done.costs));
  }

  // A thread a cluster, the largest first; threads that are left over share a cluster's members.
  void move_softly(const Members& members) {
    const auto inner = static_cast<unsigned>(std::max<std::size_t>(1, threads_ / members.size()));
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), 0UL);
    std::ranges::stable_sort(order, std::greater{},
                             [&](std::size_t c) { return members[c].size(); });
    for_each_task(members.size(), threads_, [&](unsigned, std::size_t task) {
      const std::size_t c = order[task];
      if (members[c].empty()) return;
      soft_average(set_, options_.measure.gamma, members[c], out_.barycenters[c],
                   options_.averaging_max, inner);
    });
  }

  void tally() {
    out_.labels = assignment_.labels();
    out_.costs = assignment_.costs();
    if (options_.measure.metric == Metric::kDtw && fast_form(set_.dims()) == Form::kProduct)
      cost_by_differences();
    out_.sizes.assign(out_.barycenters.size(), 0);
    for (const std::uint32_t label : out_.labels) ++out_.sizes[label];
    out_.inertia = series_inertia(options_.measure.metric, out_.costs);
    out_.pairs = assignment_.work().pairs;
    out_.pairs_walked = assignment_.work().looked_at;
  }

  // What is reported keeps the digits that the product form loses.
  void cost_by_differences() {
    std::vector<std::pair<std::size_t, std::vector<std::uint32_t>>> groups;
    const Members members = assignment_.members();
    for (std::size_t c = 0; c < members.size(); ++c)
      for (std::size_t at = 0; at < members[c].size(); at += kLanes)
        groups.emplace_back(
            c, std::vector(members[c].begin() + static_cast<std::ptrdiff_t>(at),
                           members[c].begin() + static_cast<std::ptrdiff_t>(
                                                    std::min(members[c].size(), at + kLanes))));
    for_each_task(groups.size(), threads_, [&](unsigned, std::size_t task) {
      const auto& [c, group] = groups[task];
      Batch batch;
      batch.pack(set_, group);
      const auto costs =
          Warp(options_.measure.band).dtw(batch, Center(out_.barycenters[c], Form::kDifference));
      for (std::size_t l = 0; l < group.size(); ++l) out_.costs[group[l]] = costs[l];
    });
  }

  const SeriesSet& set_;
  const SeriesOptions& options_;
  unsigned threads_;
  Assignment assignment_;
  Averaging averaging_;
  SeriesClustering out_;
  bool all_settled_ = false;
};

std::vector<Series> copies(const SeriesSet& set, const std::vector<std::uint32_t>& chosen) {
  std::vector<Series> out;
  for (const std::uint32_t i : chosen)
    out.push_back({set.dims(), {set[i].values.begin(), set[i].values.end()}});
  return out;
}

}  // namespace

double series_inertia(Metric metric, const std::vector<float>& costs) {
  double sum = 0;
  for (const float cost : costs)
    sum += metric == Metric::kSoftDtw ? double{cost} * cost : double{cost};
  return sum / static_cast<double>(costs.size());
}

SeriesClustering series_kmeans(const SeriesSet& set, std::vector<Series> start,
                               const SeriesOptions& options) {
  GROOVE_CHECK(!start.empty());
  return Steps(set, std::move(start), options).run();
}

std::vector<Series> draw_start(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                               const SeriesOptions& options) {
  Random random(seed);
  Seeding seeding(set, options.measure, thread_count(options.threads));
  return copies(set, seeding.draw(clusters, random));
}

SeriesClustering series_kmeans(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                               unsigned restarts, const SeriesOptions& options) {
  GROOVE_CHECK(restarts > 0);
  Random random(seed);
  Seeding seeding(set, options.measure, thread_count(options.threads));
  std::optional<SeriesClustering> best;
  for (unsigned r = 0; r < restarts && !(best && options.stop.stop_requested()); ++r) {
    auto found = series_kmeans(set, copies(set, seeding.draw(clusters, random)), options);
    if (!best || found.inertia < best->inertia) best = std::move(found);
  }
  return std::move(*best);
}

}  // namespace groove::clusterer
