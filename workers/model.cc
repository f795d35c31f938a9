#include "workers/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "workers/base/check.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"

namespace groove {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the arrays are little-endian and read in place");

constexpr std::uint32_t kFormat = 1;
constexpr int kKnotsMax = 257;
constexpr std::uint32_t kValueMax = 65535;  // of the map's axes and of quantised features
constexpr std::size_t kVectorBytes = sizeof(Vector);

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(Errc::kCorrupt, fmt::format("The model is damaged: {}. Train it again.", what));
}

template <class T>
T element(const std::string& bytes, std::size_t index) {
  GROOVE_CHECK((index + 1) * sizeof(T) <= bytes.size());
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

bool in_vector_range(int value) { return value >= -kVectorMax && value <= kVectorMax; }

Status check_identity(const v1::Model& model, const Catalog& catalog) {
  if (model.format() != kFormat)
    return corrupt(fmt::format("its format is {}, this program reads {}", model.format(), kFormat));
  if (model.catalog_digest().size() != sizeof(Digest)) return corrupt("it names no catalogue");
  if (model.catalog_digest() != as_bytes(catalog.digest())) {
    return fail(Errc::kConflict,
                "The model was trained on another catalogue than the one in use. Train it again.");
  }
  if (model.feature_space() != catalog.space().name)
    return corrupt("its feature space is not the catalogue's");
  return {};
}

Status check_features(const v1::Model& model, const Catalog& catalog) {
  const auto& features = catalog.space().features;
  if (static_cast<std::size_t>(model.features_size()) != features.size())
    return corrupt("its features are not the catalogue's");
  for (int d = 0; d < model.features_size(); ++d) {
    const v1::ModelFeature& feature = model.features(d);
    if (feature.name() != features[d].name) return corrupt("its features are not the catalogue's");
    const auto& knots = feature.knots();
    if (knots.empty() || knots.size() > kKnotsMax) return corrupt("a feature's knots are missing");
    if (!std::ranges::is_sorted(knots) || *knots.rbegin() > kValueMax)
      return corrupt("a feature's knots do not ascend");
  }
  return {};
}

Status check_arrays(const v1::Model& model, std::size_t songs) {
  const auto holds = [&](const std::string& bytes, std::size_t bytes_a_song) {
    return bytes.size() % bytes_a_song == 0 && bytes.size() / bytes_a_song == songs;
  };
  if (!holds(model.vectors(), kVectorBytes)) return corrupt("its vectors do not fit the catalogue");
  if (!holds(model.assignment(), 2)) return corrupt("its assignment does not fit the catalogue");
  if (!holds(model.map(), 4)) return corrupt("its map does not fit the catalogue");
  if (!holds(model.background(), 4)) return corrupt("its background does not fit the catalogue");
  for (std::size_t i = 0; i < songs * limits::kFeatureDims; ++i)
    if (!in_vector_range(element<std::int16_t>(model.vectors(), i)))
      return corrupt("a vector is out of range");
  return {};
}

Status check_cluster(const v1::Cluster& cluster) {
  if (static_cast<std::size_t>(cluster.barycenter_size()) != limits::kFeatureDims ||
      !std::ranges::all_of(cluster.barycenter(), in_vector_range))
    return corrupt("a barycenter is not a vector");
  if (cluster.map_x() > kValueMax || cluster.map_y() > kValueMax)
    return corrupt("a cluster is off the map");
  if (!std::isfinite(cluster.inertia()) || cluster.inertia() < 0)
    return corrupt("a cluster's inertia is not a mean of squares");
  return {};
}

// Requires: the arrays were checked.
Status check_clusters(const v1::Model& model, std::size_t songs) {
  const auto count = static_cast<std::size_t>(model.clusters_size());
  if (count == 0 || count > limits::kClustersMax)
    return corrupt(fmt::format("it has {} clusters", count));
  if (!std::isfinite(model.inertia()) || model.inertia() < 0)
    return corrupt("its inertia is not a mean of squares");
  for (const v1::Cluster& cluster : model.clusters())
    if (const Status ok = check_cluster(cluster); !ok) return ok;
  std::vector<std::uint64_t> sizes(count);
  for (std::size_t i = 0; i < songs; ++i) {
    const auto cluster = element<std::uint16_t>(model.assignment(), i);
    if (cluster >= count) return corrupt("a song is in a cluster that does not exist");
    ++sizes[cluster];
  }
  if (!std::ranges::equal(sizes, model.clusters(), {}, {}, &v1::Cluster::size))
    return corrupt("its clusters' sizes are not those of its assignment");
  return {};
}

Status check_series_clusters(const v1::SeriesModel& series, std::size_t dims) {
  for (const v1::SeriesCluster& cluster : series.clusters()) {
    const std::string& bytes = cluster.barycenter();
    if (bytes.empty() || bytes.size() % (dims * sizeof(float)) != 0)
      return corrupt("a barycenter is not a series");
    for (std::size_t i = 0; i < bytes.size() / sizeof(float); ++i)
      if (!std::isfinite(element<float>(bytes, i))) return corrupt("a barycenter is not a series");
  }
  return {};
}

// Requires: the clusters were checked.
Status check_series(const v1::Model& model, const Catalog& catalog) {
  if (!model.has_series()) return {};
  const v1::SeriesModel& series = model.series();
  if (series.format() != kFormat || series.dims() == 0 || series.dims() != catalog.series_dims())
    return corrupt("its series are not the catalogue's");
  if (series.clusters_size() != model.clusters_size())
    return corrupt("its series have other clusters than its songs");
  std::vector<std::uint64_t> sizes(static_cast<std::size_t>(series.clusters_size()));
  std::string labels;
  for (SongIndex song = 0; song < catalog.size(); ++song) {
    if (catalog.series(song).empty()) continue;
    const std::uint32_t cluster = element<std::uint16_t>(model.assignment(), song);
    labels.append(reinterpret_cast<const char*>(&cluster), sizeof cluster);
    ++sizes[cluster];
  }
  if (labels != series.labels() ||
      !std::ranges::equal(sizes, series.clusters(), {}, {}, &v1::SeriesCluster::size))
    return corrupt("its series are in other clusters than their songs");
  return check_series_clusters(series, series.dims());
}

Status check(const v1::Model& model, const Catalog& catalog) {
  if (const Status ok = check_identity(model, catalog); !ok) return ok;
  if (const Status ok = check_features(model, catalog); !ok) return ok;
  if (const Status ok = check_arrays(model, catalog.size()); !ok) return ok;
  if (const Status ok = check_clusters(model, catalog.size()); !ok) return ok;
  return check_series(model, catalog);
}

}  // namespace

Model::Model(v1::Model message, const Digest& digest, std::size_t size)
    : message_(std::move(message)), digest_(digest), size_(size) {}

Result<Model> Model::open(const std::filesystem::path& file, const Catalog& catalog) {
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  v1::Model message;
  if (!message.ParseFromString(*bytes)) return corrupt("it is not a model file");
  if (const Status ok = check(message, catalog); !ok) return std::unexpected(ok.error());
  return Model(std::move(message), sha256(*bytes), catalog.size());
}

Result<Model> Model::from(v1::Model message, const Catalog& catalog) {
  if (const Status ok = check(message, catalog); !ok) return std::unexpected(ok.error());
  const Digest digest = sha256(message.SerializeAsString());
  return Model(std::move(message), digest, catalog.size());
}

std::span<const std::int16_t, limits::kFeatureDims> Model::vector(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  const auto* values = reinterpret_cast<const std::int16_t*>(message_.vectors().data());
  return std::span<const std::int16_t, limits::kFeatureDims>(values + song * limits::kFeatureDims,
                                                             limits::kFeatureDims);
}

std::uint16_t Model::cluster(SongIndex song) const {
  return element<std::uint16_t>(message_.assignment(), song);
}

std::array<std::uint16_t, 2> Model::map(SongIndex song) const {
  const std::size_t at = 2 * static_cast<std::size_t>(song);
  return {element<std::uint16_t>(message_.map(), at),
          element<std::uint16_t>(message_.map(), at + 1)};
}

std::int32_t Model::background(SongIndex song) const {
  return element<std::int32_t>(message_.background(), song);
}

}  // namespace groove
