// Trains the model of a catalogue: normal scores of every feature, k-means over what is heard of
// them, the map, the background, the names. The same catalogue and options give the same bytes.
//
// Where at least half of the songs have a series, as those of music folders have, these are
// clustered instead (core/series_kmeans.h), and the clusters carried over to the vectors
// (core/carry_over.h), which all else is made of.
//
// 158,429 songs in 64 clusters take a few seconds on two cores and 50 MB (README.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "clusterer/core/kmeans.h"
#include "clusterer/core/neighbour_map.h"
#include "clusterer/core/projection.h"
#include "clusterer/core/series_kmeans.h"
#include "groove/v1/model.pb.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/catalog.h"

namespace groove::clusterer {

struct TrainOptions {
  std::optional<std::size_t> clusters;  // default_clusters() of the catalogue, unless given
  // Of the series. Unless given: DTW where series_suffice(), else vectors are clustered. Without
  // any series kEuclidean is what clusters vectors.
  std::optional<Metric> metric;
  bool vectors_only = false;  // cluster vectors, whatever series there are
  std::uint64_t seed = 1;
  unsigned iterations_max = 300;
  unsigned threads = 0;  // 0: as many as the machine has
  OnStep on_step;
  std::stop_token stop;
};

struct Trained {
  v1::Model model;
  Digest digest;      // of the model's file
  std::string bytes;  // the file
  bool converged = false;
  Plane plane = Plane::kPca;
  double pca_separation = 0, lda_separation = 0;
  // The map is the one of the two that keeps neighbours better, by the sum of both measures.
  bool keeps_neighbours = false;
  MapQuality of_plane, of_neighbours;
};

// One for every 50 songs (where series are clustered: of those that have one), at least 1, at
// most 64.
std::size_t default_clusters(std::size_t songs);

// Errors: kInvalid (more clusters than songs, none, or more than a model may have; a feature space
// of more dimensions than a vector; series that are missing or do not suit the metric),
// kUnavailable (stopped).
Result<Trained> train(const Catalog& catalog, const TrainOptions& options = {});

}  // namespace groove::clusterer
