#include "clusterer/core/soft_barycenter.h"

#include <algorithm>

#include "clusterer/core/lbfgs.h"
#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

// Soft-DTW of all members and its gradient, in the packed units: values times soft_scale(gamma).
class Objective {
 public:
  Objective(const SeriesSet& set, double gamma, std::span<const std::uint32_t> members,
            unsigned threads)
      : set_(set),
        scale_(soft_scale(gamma)),
        members_(members),
        threads_(threads),
        rooms_(threads, Room{Warp(std::nullopt), {}}),
        parts_((members.size() + kLanes - 1) / kLanes) {}

  double operator()(std::span<const double> x, std::span<double> gradient,
                    std::span<double> curvature) {
    Series packed{set_.dims(), {x.begin(), x.end()}};
    const Center center(packed, fast_form(set_.dims()));
    for_each_task(parts_.size(), threads_, [&](unsigned thread, std::size_t task) {
      measure(rooms_[thread], center, task);
    });
    return gather(x, gradient, curvature);
  }

 private:
  struct Room {
    Warp warp;
    Batch batch;
  };
  struct Part {
    double value = 0;
    std::vector<double> weights, pulls;
  };

  void measure(Room& room, const Center& center, std::size_t task) {
    const std::size_t begin = task * kLanes;
    const auto group =
        members_.subspan(begin, std::min<std::size_t>(kLanes, members_.size() - begin));
    Part& part = parts_[task];
    part.value = 0;
    part.weights.assign(static_cast<std::size_t>(center.rows()), 0);
    part.pulls.assign(part.weights.size() * set_.dims(), 0);
    room.batch.pack(set_, group, scale_);
    const auto costs = room.warp.soft(room.batch, center, true);
    for (std::size_t l = 0; l < group.size(); ++l) part.value += costs[l];
    room.warp.soft_gradient(room.batch, center, part.weights.data(), part.pulls.data());
  }

  double gather(std::span<const double> x, std::span<double> gradient,
                std::span<double> curvature) const {
    const auto n = static_cast<double>(members_.size());
    double value = 0;
    std::ranges::fill(gradient, 0);
    std::ranges::fill(curvature, 0);
    for (const Part& part : parts_) {
      value += part.value;
      for (std::size_t i = 0; i < x.size(); ++i) {
        gradient[i] += 2 / n * (part.weights[i / set_.dims()] * x[i] - part.pulls[i]);
        curvature[i] += 2 / n * part.weights[i / set_.dims()];
      }
    }
    return value / n;
  }

  const SeriesSet& set_;
  float scale_;
  std::span<const std::uint32_t> members_;
  unsigned threads_;
  std::vector<Room> rooms_;
  std::vector<Part> parts_;
};

}  // namespace

double soft_average(const SeriesSet& set, double gamma, std::span<const std::uint32_t> members,
                    Series& barycenter, unsigned rounds, unsigned threads) {
  GROOVE_CHECK(!members.empty() && gamma > 0);
  const double scale = soft_scale(gamma);
  Objective objective(set, gamma, members, threads);
  std::vector<double> x(barycenter.values.begin(), barycenter.values.end());
  for (double& value : x) value *= scale;
  const double value = minimise(std::ref(objective), x, {.iterations_max = rounds});
  for (std::size_t i = 0; i < x.size(); ++i)
    barycenter.values[i] = static_cast<float>(x[i] / scale);
  return value;
}

}  // namespace groove::clusterer
