#include "clusterer/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "clusterer/convert.h"
#include "clusterer/core/carry_over.h"
#include "clusterer/core/density.h"
#include "clusterer/core/heard.h"
#include "clusterer/core/rank_gaussian.h"
#include "clusterer/series_method.h"
#include "workers/base/limits.h"
#include "workers/base/parallel.h"
#include "workers/base/sha256.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kClustersDefaultMax = 64;
constexpr std::size_t kSongsACluster = 50;

Status check(const Catalog& catalog, std::size_t clusters) {
  if (clusters == 0 || clusters > limits::kClustersMax) {
    return fail(Errc::kInvalid, fmt::format("{} clusters were asked for; a model has 1 to {}",
                                            clusters, limits::kClustersMax));
  }
  if (clusters > catalog.size()) {
    return fail(Errc::kInvalid,
                fmt::format("{} clusters were asked for, but the catalogue has only {} songs",
                            clusters, catalog.size()));
  }
  if (catalog.space().features.size() > limits::kFeatureDims) {
    return fail(Errc::kInvalid,
                fmt::format("{} has {} features; a model takes {}", catalog.space().name,
                            catalog.space().features.size(), limits::kFeatureDims));
  }
  return {};
}

std::vector<Place> places(std::span<const Vector> vectors, unsigned threads, const auto& map) {
  std::vector<Place> out(vectors.size());
  for_each_block(vectors.size(), threads, [&](unsigned, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = map.place(vectors[i]);
  });
  return out;
}

void cluster_vectors(const TrainOptions& options, std::size_t clusters, Training& training,
                     bool& converged) {
  training.clustering = kmeans(training.heard, clusters, options.seed,
                               {.iterations_max = options.iterations_max,
                                .threads = options.threads,
                                .on_step = options.on_step,
                                .stop = options.stop});
  converged = training.clustering.converged;
}

Status cluster_songs(const SongSeries& of, Metric metric, std::size_t clusters,
                     const TrainOptions& options, Training& training, bool& converged) {
  if (const Status ok = check_method(of.set, metric, clusters); !ok) return ok;
  const SeriesOptions how{.measure = {.metric = metric},
                          .iterations_max = options.iterations_max,
                          .threads = options.threads,
                          .on_step = options.on_step,
                          .stop = options.stop};
  SeriesClustering found = cluster_series(of.set, clusters, options.seed, 1, how);
  for (Series& barycenter : found.barycenters) barycenter = of.set.restored(barycenter);
  training.series = to_model(found, how.measure, options.seed);
  training.clustering = carry_over(training.heard, of.songs, found.labels, clusters);
  training.clustering.iterations = found.iterations;
  converged = found.converged;
  return {};
}

// The metric of series; none: vectors are clustered.
std::optional<Metric> metric_for(const Catalog& catalog, const TrainOptions& options) {
  if (options.vectors_only) return std::nullopt;
  const bool any = catalog.series_dims() != 0;
  if (!options.metric)
    return any && series_suffice(catalog) ? std::optional(Metric::kDtw) : std::nullopt;
  return any || *options.metric != Metric::kEuclidean ? options.metric : std::nullopt;
}

double sum(const MapQuality& quality) { return quality.trustworthiness + quality.continuity; }

// The plane, or the map that keeps neighbours where it does so better.
void lay_map(Training& training, const Projection& plane, unsigned threads, Trained& out) {
  const auto& heard = training.heard;
  const NeighbourMap neighbours(heard, plane, threads);
  training.map = places(heard, threads, plane);
  auto other = places(heard, threads, neighbours);
  out.of_plane = map_quality(heard, training.map, threads);
  out.of_neighbours = map_quality(heard, other, threads);
  out.keeps_neighbours = sum(out.of_neighbours) > sum(out.of_plane);
  if (out.keeps_neighbours) training.map = std::move(other);
  const auto& barycenters = training.clustering.barycenters;
  training.cluster_places = out.keeps_neighbours ? places(barycenters, threads, neighbours)
                                                 : places(barycenters, threads, plane);
}

}  // namespace

std::size_t default_clusters(std::size_t songs) {
  return std::clamp<std::size_t>(songs / kSongsACluster, 1, kClustersDefaultMax);
}

Result<Trained> train(const Catalog& catalog, const TrainOptions& options) {
  std::optional<SongSeries> series;
  const std::optional<Metric> metric = metric_for(catalog, options);
  if (metric) {
    auto found = song_series(catalog);
    if (!found) return std::unexpected(found.error());
    series = std::move(*found);
  }
  const std::size_t clusters =
      options.clusters.value_or(default_clusters(series ? series->songs.size() : catalog.size()));
  if (const Status ok = check(catalog, clusters); !ok) return std::unexpected(ok.error());

  const auto features = feature_names(catalog.space());
  Training training{.seed = options.seed,
                    .sound = rank_gaussian(feature_rows(catalog), features.size())};
  training.heard = Heard(features)(training.sound.vectors);
  Trained out;
  Status clustered;
  if (series)
    clustered = cluster_songs(*series, *metric, clusters, options, training, out.converged);
  else
    cluster_vectors(options, clusters, training, out.converged);
  if (!clustered) return std::unexpected(clustered.error());
  if (options.stop.stop_requested()) return fail(Errc::kUnavailable, "the training was stopped");
  const auto& [barycenters, labels] =
      std::tie(training.clustering.barycenters, training.clustering.labels);
  const Projection plane = make_projection(training.heard, labels, barycenters, options.threads);
  out.plane = plane.plane;
  out.pca_separation = plane.pca_separation;
  out.lda_separation = plane.lda_separation;
  lay_map(training, plane, thread_count(options.threads), out);
  training.background =
      Background(training.sound.vectors, labels, barycenters.size(), features.size())
          .log_densities(training.sound.vectors, options.threads);
  out.model = to_model(catalog, training);
  out.bytes = out.model.SerializeAsString();
  out.digest = sha256(out.bytes);
  return out;
}

}  // namespace groove::clusterer
