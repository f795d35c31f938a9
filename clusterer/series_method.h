// What `fit` and `train` share of clustering series: the methods by name, which of them suit a set,
// and a catalogue's songs as a set.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clusterer/core/series.h"
#include "clusterer/core/series_kmeans.h"
#include "workers/base/result.h"
#include "workers/catalog.h"

namespace groove::clusterer {

// As the command line and the model call them.
const std::map<std::string, Metric>& metrics();

// The songs that have a series, in the catalogue's order, and their series.
struct SongSeries {
  std::vector<SongIndex> songs;
  std::vector<Series> series;
};
// Errors: kInvalid, when the catalogue has none.
Result<SongSeries> song_series(const Catalog& catalog);

// Errors: kInvalid (more clusters than series; unequal lengths for the Euclidean metric; more
// memory for soft-DTW than limits::kSoftBytesMax).
Status check_method(const SeriesSet& set, Metric metric, std::size_t clusters);

// From k-means++ starts, by the metric's own algorithm. Requires: check_method().
SeriesClustering cluster_series(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                                unsigned restarts, const SeriesOptions& options);

}  // namespace groove::clusterer
