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

// The songs that have a series, in the catalogue's order, and these, with twelve digits: so that
// what is trained is the same on every machine.
struct SongSeries {
  std::vector<SongIndex> songs;
  SeriesSet set;
};
// Errors: kInvalid, when the catalogue has none.
Result<SongSeries> song_series(const Catalog& catalog);

// Whether at least half of the songs have one. Clusters that were found on fewer would be those of
// a minority, and most songs would be placed by how near their vectors are to its means.
bool series_suffice(const Catalog& catalog);

// Errors: kInvalid (more clusters than series; unequal lengths for the Euclidean metric; more
// memory for soft-DTW than limits::kSoftBytesMax).
Status check_method(const SeriesSet& set, Metric metric, std::size_t clusters);

// From k-means++ starts, by the metric's own algorithm. Requires: check_method().
SeriesClustering cluster_series(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                                unsigned restarts, const SeriesOptions& options);

}  // namespace groove::clusterer
