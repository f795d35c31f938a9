#include <algorithm>
#include <numeric>
#include <utility>

#include "clusterer/core/barycenter.h"
#include "clusterer/core/random.h"
#include "clusterer/core/series_kmeans.h"
#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

using Members = std::vector<std::vector<std::uint32_t>>;

// `count` different indexes below `size`, in random order: the start of a Fisher-Yates shuffle.
class Sampler {
 public:
  Sampler(std::size_t size, std::uint64_t seed) : random_(seed), all_(size) {
    std::iota(all_.begin(), all_.end(), 0U);
  }
  std::vector<std::uint32_t> draw(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      std::swap(all_[i], all_[i + random_.below(all_.size() - i)]);
    return {all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(count)};
  }

 private:
  Random random_;
  std::vector<std::uint32_t> all_;
};

// The nearest barycenter of each that was drawn.
Members nearest_of(const SeriesSet& set, const std::vector<std::uint32_t>& drawn,
                   const std::vector<Series>& barycenters, const SeriesOptions& options,
                   unsigned threads) {
  std::vector<Center> centers;
  for (const Series& b : barycenters) centers.emplace_back(b, fast_form(set.dims()));
  std::vector<std::size_t> labels(drawn.size(), 0);
  const std::size_t groups = (drawn.size() + kLanes - 1) / kLanes;
  for_each_task(groups, threads, [&](unsigned, std::size_t task) {
    const std::size_t begin = task * kLanes;
    const auto group =
        std::span(drawn).subspan(begin, std::min<std::size_t>(kLanes, drawn.size() - begin));
    Warp warp(options.measure.band);
    Batch batch;
    batch.pack(set, group);
    std::array<float, kLanes> least{};
    for (std::size_t c = 0; c < centers.size(); ++c) {
      const auto costs = warp.dtw(batch, centers[c]);
      for (std::size_t l = 0; l < group.size(); ++l) {
        if (c != 0 && costs[l] >= least[l]) continue;
        least[l] = costs[l];
        labels[begin + l] = c;
      }
    }
  });
  Members out(barycenters.size());
  for (std::size_t i = 0; i < drawn.size(); ++i) out[labels[i]].push_back(drawn[i]);
  return out;
}

}  // namespace

SeriesClustering mini_batch_kmeans(const SeriesSet& set, std::vector<Series> start,
                                   std::size_t batch, std::uint64_t seed,
                                   const SeriesOptions& options) {
  GROOVE_CHECK(!start.empty() && batch > 0 && options.measure.metric == Metric::kDtw);
  const unsigned threads = thread_count(options.threads);
  Sampler sampler(set.size(), seed);
  std::vector<double> seen(start.size(), 0);
  unsigned step = 0;
  for (; step < options.iterations_max && !options.stop.stop_requested(); ++step) {
    auto drawn = sampler.draw(std::min(batch, set.size()));
    std::ranges::sort(drawn, {}, [&](std::uint32_t i) { return std::pair(set.steps(i), i); });
    const Members members = nearest_of(set, drawn, start, options, threads);
    std::vector<Series> pulled = start;
    Averaging(set, options.measure.band, threads).average(pulled, members, 1);
    for (std::size_t c = 0; c < start.size(); ++c) {
      if (members[c].empty()) continue;
      seen[c] += static_cast<double>(members[c].size());
      const double share = static_cast<double>(members[c].size()) / seen[c];
      for (std::size_t v = 0; v < start[c].values.size(); ++v) {
        float& at = start[c].values[v];
        at = static_cast<float>(at + share * (double{pulled[c].values[v]} - at));
      }
    }
    if (options.on_step) options.on_step(step + 1, 0, drawn.size());
  }
  SeriesOptions last = options;
  last.iterations_max = 0;
  last.on_step = nullptr;
  SeriesClustering out = series_kmeans(set, std::move(start), last);
  out.iterations = step;
  return out;
}

}  // namespace groove::clusterer
