#include "clusterer/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "clusterer/convert.h"
#include "clusterer/core/agreement.h"
#include "clusterer/core/npy.h"
#include "clusterer/core/table_kmeans.h"
#include "clusterer/core/ts_format.h"
#include "clusterer/series_method.h"
#include "workers/catalog.h"
#include "workers/durable_file.h"
#include "workers/mapped_file.h"

namespace groove::clusterer {
namespace {

using Path = std::filesystem::path;
using Labels = std::vector<std::uint32_t>;

struct Input {
  SeriesSet set;
  Labels labels;  // empty when there are none
};

std::unexpected<Error> in_file(const Path& file, Error error) {
  error.message = file.string() + ": " + error.message;
  return std::unexpected(std::move(error));
}

// The file's array, which `read` makes something of while the file is mapped.
template <class Read>
auto from_npy(const Path& file, const Read& read) -> decltype(read(std::declval<NpyArray>())) {
  const auto mapped = MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  const auto array = read_npy(mapped->bytes());
  if (!array) return in_file(file, array.error());
  auto made = read(*array);
  if (!made) return in_file(file, made.error());
  return made;
}

Result<std::vector<Series>> open_series_npy(const Path& file) { return from_npy(file, series_of); }

// Classes by any whole numbers, made indexes.
Result<Labels> open_labels(const Path& file, std::size_t count) {
  return from_npy(file, [&](const NpyArray& array) -> Result<Labels> {
    if (array.size() != count)
      return fail(Errc::kInvalid, fmt::format("{} labels for {} series", array.size(), count));
    std::map<double, std::uint32_t> classes;
    Labels out;
    for (std::size_t i = 0; i < count; ++i) {
      const auto next = static_cast<std::uint32_t>(classes.size());
      out.push_back(classes.emplace(array[i], next).first->second);
    }
    return out;
  });
}

Result<Input> make_input(const Path& file, const std::vector<Series>& series, Labels labels) {
  auto set = SeriesSet::from(series);
  if (!set) return in_file(file, set.error());
  return Input{std::move(*set), std::move(labels)};
}

Result<Input> open_ts(const Path& file, std::string_view text) {
  auto read = read_ts(text);
  if (!read) return in_file(file, read.error());
  return make_input(file, read->series, std::move(read->labels));
}

Result<Input> open_catalog(const Path& file) {
  const auto catalog = Catalog::open(file);
  if (!catalog) return std::unexpected(catalog.error());
  auto found = song_series(*catalog);
  if (!found) return in_file(file, found.error());
  return Input{std::move(found->set), {}};
}

Result<Input> open_input(const FitRequest& request) {
  const Path& file = request.series;
  const auto mapped = MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  const std::string_view bytes = mapped->bytes();
  if (bytes.starts_with("GRVCAT")) return open_catalog(file);
  if (!bytes.starts_with("\x93NUMPY") && file.extension() != ".npy") return open_ts(file, bytes);
  auto series = open_series_npy(file);
  if (!series) return std::unexpected(series.error());
  return make_input(file, *series, {});
}

Status find_labels(const FitRequest& request, Input& input) {
  Path beside = request.series;
  beside.replace_extension();
  beside += "_labels.npy";
  std::error_code ignored;
  const bool found = input.labels.empty() && std::filesystem::exists(beside, ignored);
  if (!request.labels && !found) return {};
  auto labels = open_labels(request.labels.value_or(beside), input.set.size());
  if (!labels) return std::unexpected(labels.error());
  input.labels = std::move(*labels);
  return {};
}

// The Euclidean metric compares step with step.
Status check_start(const SeriesSet& set, const std::optional<std::vector<Series>>& start) {
  const auto differs = [&](const Series& s) { return s.steps() != set.steps_max(); };
  if (start && std::ranges::any_of(*start, differs)) {
    return fail(Errc::kInvalid,
                "the Euclidean metric needs barycenters of the series' length in --init");
  }
  return {};
}

Status check_options(const FitRequest& request, const SeriesSet& set, std::size_t clusters) {
  const auto wrong = [](std::string what) { return fail(Errc::kInvalid, std::move(what)); };
  const Measure& measure = request.options.measure;
  if (clusters == 0) return wrong("say how many clusters: --clusters K, or --init FILE");
  if (measure.band && measure.metric != Metric::kDtw) return wrong("--band goes with dtw");
  if (request.batch && measure.metric != Metric::kDtw) return wrong("--batch goes with dtw");
  return check_method(set, measure.metric, clusters);
}

Result<std::vector<Series>> open_start(const FitRequest& request, const SeriesSet& set) {
  auto start = open_series_npy(*request.init);
  if (!start) return start;
  if (request.clusters && *request.clusters != start->size()) {
    return in_file(*request.init, {Errc::kInvalid, fmt::format("{} barycenters, but --clusters {}",
                                                               start->size(), *request.clusters)});
  }
  const auto checked = SeriesSet::from(*start);
  if (!checked) return in_file(*request.init, checked.error());
  if (checked->dims() != set.dims()) {
    return in_file(*request.init, {Errc::kInvalid, fmt::format("{} dimensions where series have {}",
                                                               checked->dims(), set.dims())});
  }
  return start;
}

SeriesClustering cluster(const FitRequest& request, const SeriesSet& set,
                         std::optional<std::vector<Series>> start, std::size_t clusters) {
  const SeriesOptions& options = request.options;
  if (request.batch) {
    if (!start) start = draw_start(set, clusters, request.seed, options);
    return mini_batch_kmeans(set, std::move(*start), *request.batch, request.seed, options);
  }
  if (!start) return cluster_series(set, clusters, request.seed, request.restarts, options);
  return options.measure.metric == Metric::kEuclidean
             ? table_kmeans(set, std::move(*start), options)
             : series_kmeans(set, std::move(*start), options);
}

Status write(const FitRequest& request, const SeriesSet& set, SeriesClustering& found) {
  for (Series& barycenter : found.barycenters) barycenter = set.restored(barycenter);
  const std::string model =
      to_model(found, request.options.measure, request.seed).SerializeAsString();
  Path stem = request.out;
  stem.replace_extension();
  if (const Status ok = replace_file(request.out, model); !ok) return ok;
  if (const Status ok = replace_file(Path(stem) += ".labels.npy", npy_of(found.labels)); !ok)
    return ok;
  return replace_file(Path(stem) += ".barycenters.npy", npy_of(found.barycenters));
}

}  // namespace

Result<FitReport> fit(const FitRequest& request) {
  auto input = open_input(request);
  if (!input) return std::unexpected(input.error());
  if (const Status ok = find_labels(request, *input); !ok) return std::unexpected(ok.error());
  const SeriesSet& set = input->set;
  std::optional<std::vector<Series>> start;
  if (request.init) {
    auto read = open_start(request, set);
    if (!read) return std::unexpected(read.error());
    start = std::move(*read);
  }
  const std::size_t clusters = start ? start->size() : request.clusters.value_or(0);
  if (const Status ok = check_options(request, set, clusters); !ok)
    return std::unexpected(ok.error());

  if (request.options.measure.metric == Metric::kEuclidean)
    if (const Status ok = check_start(set, start); !ok) return std::unexpected(ok.error());
  if (start)
    for (Series& series : *start) series = set.centred(series);

  const auto started = std::chrono::steady_clock::now();
  SeriesClustering found = cluster(request, set, std::move(start), clusters);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  if (const Status ok = write(request, set, found); !ok) return std::unexpected(ok.error());
  FitReport out{.inertia = found.inertia,
                .iterations = found.iterations,
                .sizes = std::move(found.sizes),
                .seconds = took.count()};
  if (!input->labels.empty()) out.ari = adjusted_rand_index(found.labels, input->labels);
  return out;
}

}  // namespace groove::clusterer
