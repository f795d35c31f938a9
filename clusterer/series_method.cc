#include "clusterer/series_method.h"

#include <fmt/format.h>

#include <utility>

#include "clusterer/core/table_kmeans.h"
#include "workers/base/limits.h"

namespace groove::clusterer {

const std::map<std::string, Metric>& metrics() {
  static const std::map<std::string, Metric> names = {
      {"dtw", Metric::kDtw}, {"softdtw", Metric::kSoftDtw}, {"euclidean", Metric::kEuclidean}};
  return names;
}

Result<SongSeries> song_series(const Catalog& catalog) {
  if (catalog.series_dims() == 0) {
    return fail(Errc::kInvalid,
                fmt::format("the catalogue has no series, only vectors of {}; `groove clusterer "
                            "train --metric vectors` clusters those",
                            catalog.space().name));
  }
  std::vector<SongIndex> songs;
  std::vector<SeriesView> series;
  for (SongIndex song = 0; song < catalog.size(); ++song) {
    const auto values = catalog.series(song);
    if (values.empty()) continue;
    songs.push_back(song);
    series.emplace_back(catalog.series_dims(), values);
  }
  auto set = SeriesSet::from(series, Digits::kTwelve);
  if (!set) return std::unexpected(set.error());
  return SongSeries{std::move(songs), std::move(*set)};
}

bool series_suffice(const Catalog& catalog) {
  std::size_t with = 0;
  for (SongIndex song = 0; song < catalog.size(); ++song) with += !catalog.series(song).empty();
  return 2 * with >= catalog.size();
}

Status check_method(const SeriesSet& set, Metric metric, std::size_t clusters) {
  if (clusters > set.size()) {
    return fail(Errc::kInvalid,
                fmt::format("{} clusters were asked for, but there are only {} series", clusters,
                            set.size()));
  }
  if (metric == Metric::kEuclidean && !set.equal_steps()) {
    return fail(Errc::kInvalid,
                "the Euclidean metric needs series of the same length; use dtw or softdtw");
  }
  // Twice a float for each lane and cell.
  const auto steps = static_cast<double>(set.steps_max());
  const double bytes = 8.0 * kLanes * steps * steps;
  if (metric == Metric::kSoftDtw && bytes > limits::kSoftBytesMax) {
    return fail(Errc::kInvalid,
                fmt::format("soft-DTW of {} steps takes {:.1f} GB a thread; use dtw, or shorten "
                            "the series",
                            set.steps_max(), bytes / 1e9));
  }
  return {};
}

SeriesClustering cluster_series(const SeriesSet& set, std::size_t clusters, std::uint64_t seed,
                                unsigned restarts, const SeriesOptions& options) {
  return options.measure.metric == Metric::kEuclidean
             ? table_kmeans(set, clusters, seed, restarts, options)
             : series_kmeans(set, clusters, seed, restarts, options);
}

}  // namespace groove::clusterer
