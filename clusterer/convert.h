// Between the messages and files of the house and the values that core computes with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clusterer/core/kmeans.h"
#include "clusterer/core/modes.h"
#include "clusterer/core/neighbour_map.h"
#include "clusterer/core/rank_gaussian.h"
#include "clusterer/core/series_kmeans.h"
#include "groove/v1/event.pb.h"
#include "groove/v1/model.pb.h"
#include "workers/catalog.h"
#include "workers/library.h"

namespace groove::clusterer {

// The quantised features of all songs, one song after the other.
std::vector<std::uint16_t> feature_rows(const Catalog& catalog);

// The names of a space's features, in order.
std::vector<std::string> feature_names(const FeatureSpace& space);

// What training works out, one entry a song in the catalogue's order.
struct Training {
  std::uint64_t seed = 0;
  RankGaussian sound;
  std::vector<Vector> heard;  // the vectors that were clustered (core/heard.h)
  Clustering clustering;
  std::vector<Place> map;             // of the songs
  std::vector<Place> cluster_places;  // of the barycenters
  std::vector<std::int32_t> background;
  std::optional<v1::SeriesModel> series;  // that the clusters were found on
};
v1::Model to_model(const Catalog& catalog, const Training& training);

// What fitting series works out; barycenters on the series' own scale.
v1::SeriesModel to_model(const SeriesClustering& found, const Measure& measure, std::uint64_t seed);

// The listener's songs that the catalogue in use has, and where they lie.
struct Placed {
  std::vector<v1::LikedSong> songs;
  std::vector<LikedVector> vectors;   // one a song, as heard
  std::size_t dimensions = 0;         // of them that count
  std::vector<std::string> vanished;  // ids that this catalogue does not have (it was replaced
                                      // since the songs were found)
};
Placed place(const v1::ListeningFetched& listening, const Music& music);

v1::Event to_event(const v1::ListeningFetched& listening, const Placed& placed,
                   const std::vector<Mode>& modes, const Music& music);

}  // namespace groove::clusterer
