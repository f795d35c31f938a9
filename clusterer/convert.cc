#include "clusterer/convert.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

#include "clusterer/core/heard.h"
#include "clusterer/core/names.h"

namespace groove::clusterer {
namespace {

static_assert(std::endian::native == std::endian::little, "a model's arrays are little-endian");

template <class T>
std::string raw_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

void add_features(v1::Model& model, const Catalog& catalog, const RankGaussian& sound) {
  for (std::size_t d = 0; d < sound.scales.size(); ++d) {
    v1::ModelFeature* feature = model.add_features();
    feature->set_name(catalog.space().features[d].name);
    for (const std::uint16_t knot : sound.scales[d].knots) feature->add_knots(knot);
  }
}

void add_clusters(v1::Model& model, const Catalog& catalog, const Training& training) {
  const Clustering& clustering = training.clustering;
  const auto names = name_clusters(clustering.barycenters, feature_names(catalog.space()));
  constexpr double kUnit = double{kVectorScale} * kVectorScale;
  for (std::size_t c = 0; c < clustering.barycenters.size(); ++c) {
    v1::Cluster* cluster = model.add_clusters();
    for (const int value : clustering.barycenters[c]) cluster->add_barycenter(value);
    const std::uint64_t size = clustering.sizes[c];
    cluster->set_size(size);
    if (size > 0)
      cluster->set_inertia(static_cast<double>(clustering.inertias[c]) / static_cast<double>(size) /
                           kUnit);
    const auto [x, y] = training.cluster_places[c];
    cluster->set_map_x(x);
    cluster->set_map_y(y);
    cluster->set_name(names[c]);
  }
}

}  // namespace

std::vector<std::uint16_t> feature_rows(const Catalog& catalog) {
  std::vector<std::uint16_t> rows;
  rows.reserve(catalog.size() * catalog.space().features.size());
  for (SongIndex song = 0; song < catalog.size(); ++song) {
    const auto features = catalog.features(song);
    rows.insert(rows.end(), features.begin(), features.end());
  }
  return rows;
}

std::vector<std::string> feature_names(const FeatureSpace& space) {
  std::vector<std::string> names;
  for (const Feature& feature : space.features) names.push_back(feature.name);
  return names;
}

v1::Model to_model(const Catalog& catalog, const Training& training) {
  v1::Model model;
  model.set_format(1);
  model.set_catalog_digest(std::string(as_bytes(catalog.digest())));
  model.set_feature_space(catalog.space().name);
  add_features(model, catalog, training.sound);
  model.set_seed(training.seed);
  model.set_iterations(training.clustering.iterations);
  model.set_inertia(training.series ? training.series->inertia() : training.clustering.inertia());
  add_clusters(model, catalog, training);
  model.set_vectors(raw_bytes(training.sound.vectors));
  model.set_assignment(raw_bytes(training.clustering.labels));
  model.set_map(raw_bytes(training.map));
  model.set_background(raw_bytes(training.background));
  if (training.series) *model.mutable_series() = *training.series;
  return model;
}

v1::SeriesModel to_model(const SeriesClustering& found, const Measure& measure,
                         std::uint64_t seed) {
  v1::SeriesModel out;
  out.set_format(1);
  out.set_metric(measure.metric == Metric::kDtw       ? "dtw"
                 : measure.metric == Metric::kSoftDtw ? "softdtw"
                                                      : "euclidean");
  if (measure.band) out.set_band(*measure.band);
  if (measure.metric == Metric::kSoftDtw) out.set_gamma(measure.gamma);
  out.set_dims(static_cast<std::uint32_t>(found.barycenters.front().dims));
  for (std::size_t c = 0; c < found.barycenters.size(); ++c) {
    v1::SeriesCluster* cluster = out.add_clusters();
    cluster->set_barycenter(raw_bytes(found.barycenters[c].values));
    cluster->set_size(found.sizes[c]);
  }
  out.set_labels(raw_bytes(found.labels));
  out.set_inertia(found.inertia);
  out.set_iterations(found.iterations);
  out.set_seed(seed);
  return out;
}

Placed place(const v1::ListeningFetched& listening, const Music& music) {
  const Heard heard(feature_names(music.catalog.space()));
  Placed placed{.dimensions = heard.dimensions()};
  for (const v1::LikedSong& song : listening.songs()) {
    const auto index = music.catalog.find(song.song_id());
    if (!index) {
      placed.vanished.push_back(song.song_id());
      continue;
    }
    LikedVector liked{.weight = song.weight(), .cluster = music.model.cluster(*index)};
    std::ranges::copy(music.model.vector(*index), liked.vector.begin());
    liked.vector = heard(liked.vector);
    placed.songs.push_back(song);
    placed.vectors.push_back(liked);
  }
  return placed;
}

v1::Event to_event(const v1::ListeningFetched& listening, const Placed& placed,
                   const std::vector<Mode>& modes, const Music& music) {
  v1::Event event;
  v1::TasteClustered& taste = *event.mutable_taste_clustered();
  taste.set_listener(listening.listener());
  *taste.mutable_basis() = listening.basis();
  for (const Mode& mode : modes) {
    v1::TasteMode* out = taste.add_modes();
    for (const std::size_t i : mode.songs) *out->add_songs() = placed.songs[i];
    out->set_cluster(mode.cluster);
  }
  *taste.mutable_missing() = listening.missing();
  for (const std::string& id : placed.vanished) taste.add_missing(id);
  taste.set_catalog_digest(std::string(as_bytes(music.catalog.digest())));
  taste.set_model_digest(std::string(as_bytes(music.model.digest())));
  taste.set_accepted_at_us(listening.accepted_at_us());
  return event;
}

}  // namespace groove::clusterer
