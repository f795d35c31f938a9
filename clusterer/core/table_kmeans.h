// Euclidean k-means over a long table of floats, and over series that all have the same steps (a
// series is then a row of steps * dims numbers). Lloyd's steps; the model's own vectors have an
// integer path, kmeans.h.
//
// Sixteen rows lie across the lanes, packed once; eight barycenters' sums stay in registers, and so
// do the nearest and its number: nothing but labels is written. Only rows that change cluster touch
// the sums, which are doubles, taken in the rows' order within blocks of fixed size: the threads do
// not matter.
//
// Memory: the table twice.
#pragma once

#include <cstdint>
#include <vector>

#include "clusterer/core/series.h"
#include "clusterer/core/series_kmeans.h"

namespace groove::clusterer {

// Requires: set.equal_steps(); start as series_kmeans() asks, of the same steps. Of the options
// the measure, averaging and bounds do not matter.
SeriesClustering table_kmeans(const SeriesSet& set, std::vector<Series> start,
                              const SeriesOptions& options);

// From k-means++ starts, as series_kmeans() does.
SeriesClustering table_kmeans(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                              unsigned restarts, const SeriesOptions& options);

}  // namespace groove::clusterer
