#include "clusterer/core/assignment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
// Packing a batch anew costs about a third of a walk, so half-empty batches are not worth theirs.
constexpr int kTogether = 10;
constexpr std::size_t kBoundsATask = 256;  // series

}  // namespace

float Measure::unscaled(float cost) const {
  if (metric != Metric::kSoftDtw) return cost;
  return static_cast<float>(cost * gamma * std::numbers::ln2);
}

std::array<float, kLanes> Measure::costs(Warp& warp, const Batch& batch,
                                         const Center& center) const {
  return metric == Metric::kSoftDtw ? warp.soft(batch, center) : warp.dtw(batch, center);
}

Assignment::Assignment(const SeriesSet& set, const Measure& measure, unsigned threads, bool bounds)
    : set_(set),
      measure_(measure),
      threads_(threads),
      use_bounds_(bounds),
      unit_(measure.metric == Metric::kSoftDtw ? measure.gamma * std::numbers::ln2 : 1),
      square_scale_(1 / unit_),
      order_(set.size()),
      labels_(set.size(), kNone),
      costs_(set.size(), 0),
      rooms_(threads, Room{Warp(measure.band), {}, {}, 0}) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return set.steps(i); });
}

std::size_t Assignment::assign(const std::vector<Series>& barycenters) {
  const bool first = before_.empty();
  prepare(barycenters);
  if (first && use_bounds_ && measure_.metric == Metric::kSoftDtw) guess();
  best_.assign(set_.size(), kNone);
  best_costs_.assign(set_.size(), 0);
  work_.pairs += set_.size() * centers_.size();
  cost_own();
  look_around();
  look_at_open();
  std::size_t moved = 0;
  for (std::size_t i = 0; i < set_.size(); ++i) moved += first || best_[i] != labels_[i];
  labels_ = best_;
  costs_ = best_costs_;
  for (Room& room : rooms_) work_.looked_at += std::exchange(room.looked_at, 0);
  return moved;
}

void Assignment::prepare(const std::vector<Series>& barycenters) {
  GROOVE_CHECK(!barycenters.empty() && (before_.empty() || before_.size() == barycenters.size()));
  centers_.clear();
  for (const Series& b : barycenters)
    centers_.emplace_back(b, fast_form(set_.dims()), measure_.scale());
  if (before_.empty()) {
    bounds_.assign(use_bounds_ ? set_.size() * centers_.size() : 0, 0);
    moved_.assign(centers_.size(), true);
    known_.assign(centers_.size(), false);
  } else {
    lower_bounds(barycenters);
  }
  before_ = barycenters;
  for (Room& room : rooms_) room.open.resize(centers_.size());
}

void Assignment::lower_bounds(const std::vector<Series>& barycenters) {
  std::vector<Drift> drifts;
  for (std::size_t c = 0; c < barycenters.size(); ++c) {
    drifts.emplace_back(before_[c], barycenters[c]);
    moved_[c] = !drifts[c].none();
  }
  if (!use_bounds_) return;
  const std::size_t tasks = (set_.size() + kBoundsATask - 1) / kBoundsATask;
  for_each_task(tasks, threads_, [&](unsigned, std::size_t task) {
    const std::size_t end = std::min(set_.size(), (task + 1) * kBoundsATask);
    for (std::size_t i = task * kBoundsATask; i < end; ++i) {
      for (std::size_t c = 0; c < drifts.size(); ++c) {
        float& at = bound(static_cast<std::uint32_t>(i), c);
        if (!moved_[c]) continue;
        const double left =
            drifts[c].known() ? at - drifts[c].distance(set_.steps(i)) * measure_.scale() : 0;
        at = static_cast<float>(std::max(0.0, left) * (1 - 0x1p-22));
      }
    }
  });
}

void Assignment::know(std::vector<bool> known, std::vector<float> costs) {
  known_ = std::move(known);
  for (std::size_t i = 0; i < set_.size(); ++i)
    if (known_[labels_[i]]) costs_[i] = costs[i];
}

void Assignment::give(std::uint32_t series, std::uint32_t cluster) {
  labels_[series] = cluster;
  costs_[series] = 0;
  known_[cluster] = false;
  // The bound to the one it is given holds for the barycenter before, as drift.h wants it.
}

std::vector<std::vector<std::uint32_t>> Assignment::members() const {
  std::vector<std::vector<std::uint32_t>> out(centers_.size());
  for (const std::uint32_t i : order_)
    if (labels_[i] != kNone) out[labels_[i]].push_back(i);
  return out;
}

// The distance to the own barycenter where it is now: the measure for all bounds.
void Assignment::cost_own() {
  std::vector<std::pair<std::size_t, std::vector<std::uint32_t>>> groups;
  const auto of = members();
  for (std::size_t c = 0; c < of.size(); ++c) {
    if (!moved_[c] || known_[c]) continue;
    for (std::size_t at = 0; at < of[c].size(); at += kLanes)
      groups.emplace_back(c, std::vector(of[c].begin() + static_cast<std::ptrdiff_t>(at),
                                         of[c].begin() + static_cast<std::ptrdiff_t>(
                                                             std::min(of[c].size(), at + kLanes))));
  }
  for_each_task(groups.size(), threads_, [&](unsigned thread, std::size_t task) {
    const auto& [c, group] = groups[task];
    Room& room = rooms_[thread];
    room.batch.pack(set_, group, measure_.scale());
    const auto costs = measure_.costs(room.warp, room.batch, centers_[c]);
    room.looked_at += group.size();
    for (std::size_t l = 0; l < group.size(); ++l) {
      if (measure_.metric == Metric::kDtw) learn_bound(group[l], c, costs[l]);
      costs_[group[l]] = measure_.unscaled(costs[l]);
    }
  });
  known_.assign(centers_.size(), false);
  for (std::uint32_t i = 0; i < set_.size(); ++i)
    if (labels_[i] != kNone) learn(i, labels_[i], costs_[i]);
}

bool Assignment::needs(std::uint32_t series, std::size_t cluster) const {
  if (labels_[series] == cluster) return false;
  if (!use_bounds_ || labels_[series] == kNone) return true;
  const bool soft = measure_.metric == Metric::kSoftDtw;
  const Rounding rounding(centers_[cluster], set_.steps(series), set_.square_max() * square_scale_,
                          soft);
  const double bound = bounds_[series * centers_.size() + cluster];
  double least = bound * bound;
  if (soft)
    least -= soft_fall_max(static_cast<std::size_t>(centers_[cluster].rows()), set_.steps(series));
  return rounding.below(least) * unit_ * (1 - 0x1p-40) <= costs_[series];
}

// `cost`: of DTW, on the kernels' scale. A bound that was higher holds on.
void Assignment::learn_bound(std::uint32_t series, std::size_t cluster, float cost) {
  if (!use_bounds_) return;
  const Rounding rounding(centers_[cluster], set_.steps(series), set_.square_max() * square_scale_);
  const double least = std::sqrt(std::max(0.0, rounding.below(cost)));
  float& known = bound(series, cluster);
  known = std::max(known, static_cast<float>(least * (1 - 0x1p-22)));
}

// Requires: no other thread learns of this series.
void Assignment::learn(std::uint32_t series, std::size_t cluster, float cost) {
  const auto c = static_cast<std::uint32_t>(cluster);
  const bool better = best_[series] == kNone || cost < best_costs_[series] ||
                      (cost == best_costs_[series] && c < best_[series]);
  if (!better) return;
  best_[series] = c;
  best_costs_[series] = cost;
}

// What a packed group costs, or nothing when DTW shows that none of it is nearest here.
std::optional<std::array<float, kLanes>> Assignment::walk(Room& room,
                                                          std::span<const std::uint32_t> group,
                                                          std::size_t cluster) {
  const bool soft = measure_.metric == Metric::kSoftDtw;
  if (soft && use_bounds_) {
    const auto hard = room.warp.dtw(room.batch, centers_[cluster]);
    for (std::size_t l = 0; l < group.size(); ++l) learn_bound(group[l], cluster, hard[l]);
    if (std::ranges::none_of(group, [&](std::uint32_t i) { return needs(i, cluster); }))
      return std::nullopt;
  }
  auto costs = measure_.costs(room.warp, room.batch, centers_[cluster]);
  room.looked_at += group.size();
  for (std::size_t l = 0; l < group.size(); ++l) {
    if (!soft) learn_bound(group[l], cluster, costs[l]);
    costs[l] = measure_.unscaled(costs[l]);
  }
  return costs;
}

// Soft-DTW's first labels to start from: those of DTW.
void Assignment::guess() {
  const std::size_t groups = (order_.size() + kLanes - 1) / kLanes;
  for_each_task(groups, threads_, [&](unsigned thread, std::size_t task) {
    Room& room = rooms_[thread];
    const std::size_t begin = task * kLanes;
    const auto group =
        std::span(order_).subspan(begin, std::min<std::size_t>(kLanes, order_.size() - begin));
    room.batch.pack(set_, group, measure_.scale());
    std::array<float, kLanes> least{};
    for (std::uint32_t c = 0; c < centers_.size(); ++c) {
      const auto costs = room.warp.dtw(room.batch, centers_[c]);
      for (std::size_t l = 0; l < group.size(); ++l) {
        learn_bound(group[l], c, costs[l]);
        if (c != 0 && costs[l] >= least[l]) continue;
        least[l] = costs[l];
        labels_[group[l]] = c;
      }
    }
  });
}

void Assignment::look_around() {
  std::vector<std::uint32_t> grouped = order_;
  std::ranges::stable_sort(grouped, {}, [&](std::uint32_t i) { return labels_[i]; });
  const std::size_t groups = (grouped.size() + kLanes - 1) / kLanes;
  for_each_task(groups, threads_, [&](unsigned thread, std::size_t task) {
    const std::size_t begin = task * kLanes;
    look(rooms_[thread],
         std::span(grouped).subspan(begin, std::min<std::size_t>(kLanes, grouped.size() - begin)));
  });
}

void Assignment::look(Room& room, std::span<const std::uint32_t> group) {
  bool packed = false;
  for (std::size_t c = 0; c < centers_.size(); ++c) {
    const auto count =
        std::ranges::count_if(group, [&](std::uint32_t series) { return needs(series, c); });
    if (count == 0) continue;
    if (count < kTogether && group.size() == kLanes) {
      for (const std::uint32_t series : group)
        if (needs(series, c)) room.open[c].push_back({series, std::nullopt});
      continue;
    }
    if (!std::exchange(packed, true)) room.batch.pack(set_, group, measure_.scale());
    const auto costs = walk(room, group, c);
    if (!costs) continue;
    for (std::size_t l = 0; l < group.size(); ++l)
      if (labels_[group[l]] != c) learn(group[l], c, (*costs)[l]);
  }
}

// What look() left, in full batches. Which thread left a pair depends on chance; what it costs does
// not.
void Assignment::look_at_open() {
  struct Task {
    std::size_t cluster = 0;
    std::span<Open> pairs;
  };
  std::vector<std::vector<Open>> open(centers_.size());
  std::vector<Task> tasks;
  for (std::size_t c = 0; c < centers_.size(); ++c) {
    for (Room& room : rooms_) {
      open[c].insert(open[c].end(), room.open[c].begin(), room.open[c].end());
      room.open[c].clear();
    }
    std::ranges::sort(open[c], {},
                      [&](const Open& o) { return std::pair(set_.steps(o.series), o.series); });
    for (std::size_t at = 0; at < open[c].size(); at += kLanes)
      tasks.push_back(
          {c, std::span(open[c]).subspan(at, std::min<std::size_t>(kLanes, open[c].size() - at))});
  }
  for_each_task(tasks.size(), threads_, [&](unsigned thread, std::size_t at) {
    Room& room = rooms_[thread];
    const Task& task = tasks[at];
    std::array<std::uint32_t, kLanes> group{};
    for (std::size_t l = 0; l < task.pairs.size(); ++l) group[l] = task.pairs[l].series;
    room.batch.pack(set_, std::span(group).first(task.pairs.size()), measure_.scale());
    const auto costs = walk(room, std::span(group).first(task.pairs.size()), task.cluster);
    for (std::size_t l = 0; costs && l < task.pairs.size(); ++l) task.pairs[l].cost = (*costs)[l];
  });
  for (const Task& task : tasks)
    for (const Open& pair : task.pairs)
      if (pair.cost) learn(pair.series, task.cluster, *pair.cost);
}

}  // namespace groove::clusterer
