// k-means over series: Lloyd's steps with DTW and averaging (barycenter.h), or with soft-DTW
// (soft_barycenter.h). Euclidean k-means, where all series have the same steps, is table_kmeans.h.
//
// A step assigns every series and then moves every barycenter; after the last there is one more
// assignment, so labels, costs and inertia are of the barycenters that are handed out. (tslearn's
// inertia_ is of the assignment before the last move.) Under DTW inertia never rises from step to
// step, but for rounding.
//
// The result depends on the series, the start and the options, not on the number of threads; on
// the instruction set in the last digits only (simd.h). Memory: the series, 4 bytes a series and
// barycenter, and each thread's room for one batch; never a table of all series by all series.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "clusterer/core/assignment.h"
#include "clusterer/core/series.h"

namespace groove::clusterer {

// After each step: its number from 1, the inertia of its assignment, how many series moved.
using OnSeriesStep = std::function<void(unsigned step, double inertia, std::size_t moved)>;

struct SeriesOptions {
  Measure measure;
  unsigned iterations_max = 50;
  unsigned averaging_max = 10;  // rounds of averaging, or of L-BFGS, a step
  double tolerance = 1e-6;      // stop when inertia fell by less, of its size
  unsigned threads = 0;         // 0: as many as the machine has
  bool bounds = true;           // false: look at every pair; the result is the same
  OnSeriesStep on_step;
  std::stop_token stop;  // asked between steps; what is found so far is returned
};

struct SeriesClustering {
  std::vector<Series> barycenters;  // centred, as the set is
  std::vector<std::uint32_t> labels;
  std::vector<float> costs;  // of each series to its barycenter: squared distance, or soft-DTW
  std::vector<std::uint64_t> sizes;
  double inertia = 0;  // mean squared distance; of soft-DTW the mean of its square, as tslearn's
  unsigned iterations = 0;
  bool converged = false;
  std::uint64_t pairs = 0, pairs_walked = 0;  // what the bounds saved
  std::uint64_t averaging_passes = 0;         // clusters aligned
};

// From a start. A cluster that loses all its series gets the one with the greatest cost (ties: the
// lower index) of those not alone in theirs; its barycenter becomes that series.
// Requires: 1 <= start.size(), the set's dims; centred as the set is.
SeriesClustering series_kmeans(const SeriesSet& set, std::vector<Series> start,
                               const SeriesOptions& options);

// From k-means++ starts, `restarts` times; the one with the least inertia, the earlier on a tie.
// Requires: 1 <= clusters <= set.size(), restarts > 0.
SeriesClustering series_kmeans(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                               unsigned restarts, const SeriesOptions& options);

// For sets too large for many whole steps (Sculley, "Web-scale k-means clustering", WWW 2010): each
// step draws `batch` series, averages each cluster's share of them for one round, and moves the
// barycenter towards that by the share of all series it has seen so far. Then one whole assignment.
// Requires: 1 <= batch; DTW.
SeriesClustering mini_batch_kmeans(const SeriesSet& set, std::vector<Series> start,
                                   std::size_t batch, std::uint64_t seed,
                                   const SeriesOptions& options);

// The k-means++ start of a seed. Requires: 1 <= clusters <= set.size().
std::vector<Series> draw_start(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                               const SeriesOptions& options);

// As the costs of a metric make it.
double series_inertia(Metric metric, const std::vector<float>& costs);

}  // namespace groove::clusterer
