#include "clusterer/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "clusterer/convert.h"
#include "clusterer/core/density.h"
#include "clusterer/core/heard.h"
#include "clusterer/core/rank_gaussian.h"
#include "workers/base/limits.h"
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

}  // namespace

std::size_t default_clusters(std::size_t songs) {
  return std::clamp<std::size_t>(songs / kSongsACluster, 1, kClustersDefaultMax);
}

Result<Trained> train(const Catalog& catalog, const TrainOptions& options) {
  const std::size_t clusters = options.clusters.value_or(default_clusters(catalog.size()));
  if (const Status ok = check(catalog, clusters); !ok) return std::unexpected(ok.error());

  const auto features = feature_names(catalog.space());
  Training training{.seed = options.seed,
                    .sound = rank_gaussian(feature_rows(catalog), features.size())};
  training.heard = Heard(features)(training.sound.vectors);
  training.clustering = kmeans(training.heard, clusters, options.seed,
                               {.iterations_max = options.iterations_max,
                                .threads = options.threads,
                                .on_step = options.on_step,
                                .stop = options.stop});
  if (options.stop.stop_requested()) return fail(Errc::kUnavailable, "the training was stopped");
  const auto& [barycenters, labels] =
      std::tie(training.clustering.barycenters, training.clustering.labels);
  training.projection = make_projection(training.heard, labels, barycenters, options.threads);
  training.background =
      Background(training.sound.vectors, labels, barycenters.size(), features.size())
          .log_densities(training.sound.vectors, options.threads);
  Trained out{.model = to_model(catalog, training),
              .converged = training.clustering.converged,
              .plane = training.projection.plane,
              .pca_separation = training.projection.pca_separation,
              .lda_separation = training.projection.lda_separation};
  out.bytes = out.model.SerializeAsString();
  out.digest = sha256(out.bytes);
  return out;
}

}  // namespace groove::clusterer
