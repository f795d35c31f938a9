#include "clusterer/core/table_kmeans.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "clusterer/core/kernels.h"
#include "clusterer/core/random.h"
#include "clusterer/core/series_seed.h"
#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
static_assert(kBlockSongs % kLanes == 0);

// All rows in tiles of sixteen: value d of row r is tiles[(r / 16 * width + d) * 16 + r % 16].
class Table {
 public:
  Table(const SeriesSet& set, unsigned threads)
      : set_(set),
        values_(set[0].values.data()),
        width_(set.steps(0) * set.dims()),
        threads_(threads) {
    GROOVE_CHECK(set.equal_steps());
    tiles_.assign((set.size() + kLanes - 1) / kLanes * kLanes * width_, 0);
    for_each_block(set.size(), threads, [&](unsigned, std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r)
        for (std::size_t d = 0; d < width_; ++d)
          tiles_[(r / kLanes * width_ + d) * kLanes + r % kLanes] = row(r)[d];
    });
  }

  std::size_t rows() const { return set_.size(); }
  std::size_t width() const { return width_; }
  unsigned threads() const { return threads_; }
  // All rows have the same steps, so they follow each other.
  const float* row(std::size_t r) const { return values_ + r * width_; }
  const float* tile(std::size_t r) const { return tiles_.data() + r / kLanes * kLanes * width_; }

  double squared_distance(std::size_t r, const Series& to) const {
    double sum = 0;
    const float* x = row(r);
    for (std::size_t d = 0; d < width_; ++d) {
      const double away = double{x[d]} - to.values[d];
      sum += away * away;
    }
    return sum;
  }

 private:
  const SeriesSet& set_;
  const float* values_;
  std::size_t width_;
  unsigned threads_;
  std::vector<float> tiles_;
};

// Barycenters as the kernel takes them.
struct Centers {
  std::vector<float> values, squares;

  explicit Centers(const std::vector<Series>& barycenters) {
    for (const Series& b : barycenters) {
      float square = 0;
      for (const float value : b.values) {
        values.push_back(-2 * value);
        square += value * value;
      }
      squares.push_back(square);
    }
  }
  NearestJob job(std::size_t width) const {
    return {.centers = values.data(),
            .center_squares = squares.data(),
            .dims = static_cast<int>(width),
            .clusters = static_cast<int>(squares.size())};
  }
};

class Lloyd {
 public:
  Lloyd(const Table& table, std::vector<Series> start, const SeriesOptions& options)
      : table_(table), options_(options), sums_(start.size() * table.width(), 0) {
    out_.barycenters = std::move(start);
    out_.labels.assign(table.rows(), kNone);
    out_.sizes.assign(out_.barycenters.size(), 0);
    costs_.assign(table.rows(), 0);
    for (std::size_t r = 0; r < table.rows(); ++r) {
      float square = 0;
      for (std::size_t d = 0; d < table.width(); ++d) square += table.row(r)[d] * table.row(r)[d];
      squares_.push_back(square);
    }
  }

  SeriesClustering run() {
    double before = std::numeric_limits<double>::infinity();
    for (;;) {
      const std::size_t moved = assign() + repair_empty_clusters();
      const double inertia = series_inertia(Metric::kEuclidean, costs_);
      if (options_.on_step) options_.on_step(out_.iterations + 1, inertia, moved);
      out_.converged =
          moved == 0 || std::fabs(before - inertia) <= options_.tolerance * std::fabs(inertia);
      if (out_.converged || out_.iterations == options_.iterations_max ||
          options_.stop.stop_requested())
        break;
      move_barycenters();
      ++out_.iterations;
      before = inertia;
    }
    for_each_block(
        table_.rows(), table_.threads(), [&](unsigned, std::size_t begin, std::size_t end) {
          for (std::size_t r = begin; r < end; ++r)
            costs_[r] =
                static_cast<float>(table_.squared_distance(r, out_.barycenters[out_.labels[r]]));
        });
    out_.costs = std::move(costs_);
    out_.inertia = series_inertia(Metric::kEuclidean, out_.costs);
    return std::move(out_);
  }

 private:
  // What a block adds to the sums.
  struct Change {
    std::vector<std::uint32_t> clusters;  // that changed, in the order they came up
    std::vector<double> sums;             // for each of those
    std::vector<std::int64_t> sizes;
    std::size_t moved = 0;
  };

  std::size_t assign() {
    const Centers centers(out_.barycenters);
    std::vector<Change> changes((table_.rows() + kBlockSongs - 1) / kBlockSongs);
    for_each_block(table_.rows(), table_.threads(),
                   [&](unsigned, std::size_t begin, std::size_t end) {
                     assign_block(centers, begin, end, changes[begin / kBlockSongs]);
                   });
    std::size_t moved = 0;
    for (const Change& change : changes) {
      moved += change.moved;
      for (std::size_t at = 0; at < change.clusters.size(); ++at) {
        const std::uint32_t c = change.clusters[at];
        out_.sizes[c] += static_cast<std::uint64_t>(change.sizes[at]);
        for (std::size_t d = 0; d < table_.width(); ++d)
          sums_[c * table_.width() + d] += change.sums[at * table_.width() + d];
      }
    }
    return moved;
  }

  void assign_block(const Centers& centers, std::size_t begin, std::size_t end, Change& change) {
    float nearest[kLanes], second[kLanes], label[kLanes];
    const Kernels& kernel = kernels();
    NearestJob job = centers.job(table_.width());
    job.nearest = nearest;
    job.second = second;
    job.label = label;
    std::vector<std::int32_t> at(out_.barycenters.size(), -1);
    for (std::size_t tile = begin; tile < end; tile += kLanes) {
      job.x = table_.tile(tile);
      kernel.nearest(job);
      for (std::size_t r = tile; r < std::min(end, tile + kLanes); ++r) {
        costs_[r] = std::max(0.0F, nearest[r - tile] + squares_[r]);
        move(r, static_cast<std::uint32_t>(label[r - tile]), change, at);
      }
    }
  }

  void move(std::size_t r, std::uint32_t to, Change& change, std::vector<std::int32_t>& at) {
    const std::uint32_t from = std::exchange(out_.labels[r], to);
    if (from == to) return;
    ++change.moved;
    count(r, to, +1, change, at);
    if (from != kNone) count(r, from, -1, change, at);
  }

  void count(std::size_t r, std::uint32_t cluster, int sign, Change& change,
             std::vector<std::int32_t>& at) const {
    if (at[cluster] < 0) {
      at[cluster] = static_cast<std::int32_t>(change.clusters.size());
      change.clusters.push_back(cluster);
      change.sums.resize(change.sums.size() + table_.width(), 0);
      change.sizes.push_back(0);
    }
    const auto place = static_cast<std::size_t>(at[cluster]);
    change.sizes[place] += sign;
    double* sums = change.sums.data() + place * table_.width();
    const float* x = table_.row(r);
    for (std::size_t d = 0; d < table_.width(); ++d) sums[d] += sign * double{x[d]};
  }

  std::size_t repair_empty_clusters() {
    std::size_t repaired = 0;
    for (std::uint32_t c = 0; c < out_.sizes.size(); ++c) {
      if (out_.sizes[c] != 0) continue;
      const auto farthest = farthest_not_alone();
      if (!farthest) break;
      const std::uint32_t from = std::exchange(out_.labels[*farthest], c);
      const float* x = table_.row(*farthest);
      for (std::size_t d = 0; d < table_.width(); ++d) {
        sums_[from * table_.width() + d] -= double{x[d]};
        sums_[c * table_.width() + d] = double{x[d]};
        out_.barycenters[c].values[d] = x[d];
      }
      --out_.sizes[from];
      out_.sizes[c] = 1;
      costs_[*farthest] = 0;
      ++repaired;
    }
    return repaired;
  }

  std::optional<std::size_t> farthest_not_alone() const {
    std::optional<std::size_t> farthest;
    for (std::size_t r = 0; r < costs_.size(); ++r) {
      if (out_.sizes[out_.labels[r]] < 2 || costs_[r] <= 0) continue;
      if (!farthest || costs_[r] > costs_[*farthest]) farthest = r;
    }
    return farthest;
  }

  void move_barycenters() {
    for (std::size_t c = 0; c < out_.sizes.size(); ++c) {
      if (out_.sizes[c] == 0) continue;
      for (std::size_t d = 0; d < table_.width(); ++d)
        out_.barycenters[c].values[d] =
            static_cast<float>(sums_[c * table_.width() + d] / static_cast<double>(out_.sizes[c]));
    }
  }

  const Table& table_;
  const SeriesOptions& options_;
  std::vector<double> sums_;
  std::vector<float> squares_, costs_;
  SeriesClustering out_;
};

// As Seeding draws, with this table's costs.
std::vector<Series> draw_start(const SeriesSet& set, const Table& table, std::size_t clusters,
                               Random& random) {
  const auto costs_to = [&](std::uint32_t chosen) {
    const Series center{set.dims(), {set[chosen].values.begin(), set[chosen].values.end()}};
    std::vector<float> costs(table.rows());
    for_each_block(table.rows(), table.threads(),
                   [&](unsigned, std::size_t begin, std::size_t end) {
                     for (std::size_t r = begin; r < end; ++r)
                       costs[r] = static_cast<float>(table.squared_distance(r, center));
                   });
    return costs;
  };
  std::vector<Series> out;
  for (const std::uint32_t i : draw_seeds(table.rows(), clusters, random, costs_to))
    out.push_back({set.dims(), {set[i].values.begin(), set[i].values.end()}});
  return out;
}

}  // namespace

SeriesClustering table_kmeans(const SeriesSet& set, std::vector<Series> start,
                              const SeriesOptions& options) {
  GROOVE_CHECK(!start.empty());
  const Table table(set, thread_count(options.threads));
  return Lloyd(table, std::move(start), options).run();
}

SeriesClustering table_kmeans(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                              unsigned restarts, const SeriesOptions& options) {
  GROOVE_CHECK(restarts > 0);
  const Table table(set, thread_count(options.threads));
  Random random(seed);
  std::optional<SeriesClustering> best;
  for (unsigned r = 0; r < restarts && !(best && options.stop.stop_requested()); ++r) {
    auto found = Lloyd(table, draw_start(set, table, clusters, random), options).run();
    if (!best || found.inertia < best->inertia) best = std::move(found);
  }
  return std::move(*best);
}

}  // namespace groove::clusterer
