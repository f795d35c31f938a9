// Clusters the series of a file and writes what was found: `groove clusterer fit`.
//
// Of a catalogue, the songs that have a series are clustered, in the catalogue's order.
// Beside the model, FILE, stand FILE without its extension + ".labels.npy" (int64, one a series)
// and + ".barycenters.npy" (float32, NaN after the end of a shorter one), which --init takes again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "clusterer/core/series_kmeans.h"
#include "workers/base/result.h"

namespace groove::clusterer {

struct FitRequest {
  std::filesystem::path series;  // .npy, .ts, or a catalogue with series
  std::filesystem::path out;
  std::optional<std::filesystem::path> init;    // .npy of barycenters; k-means++ by the seed, else
  std::optional<std::filesystem::path> labels;  // .npy of true classes; SERIES' own, else
  std::optional<std::size_t> clusters;          // as many as `init` has, unless given
  std::optional<std::size_t> batch;             // series a step; all, unless given
  std::uint64_t seed = 1;
  unsigned restarts = 1;
  SeriesOptions options;
};

struct FitReport {
  double inertia = 0;
  unsigned iterations = 0;
  std::vector<std::uint64_t> sizes;
  double seconds = 0;         // of clustering, by the wall
  std::optional<double> ari;  // when true classes are known: from `labels`, the .ts file, or a file
                              // SERIES without its extension + "_labels.npy"
};

// Errors: kNotFound, kUnavailable (a file), kInvalid (its content, or options that do not fit it).
Result<FitReport> fit(const FitRequest& request);

}  // namespace groove::clusterer
