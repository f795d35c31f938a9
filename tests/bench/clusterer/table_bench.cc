// Euclidean k-means of 165,000 x 13 beside FAISS's Clustering on the same rows, from the same
// start, for the same steps, on one thread each, in processor time. Debian's libfaiss is built
// without AVX; what it spends is in its BLAS, which chooses its own instructions.
#include <fmt/format.h>

#include <cstdio>

#include "clusterer/core/table_kmeans.h"
#include "tests/bench/clusterer/fma_peak.h"
#include "tests/clusterer/core/plain_series.h"

#ifdef GROOVE_FAISS
#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
#include <omp.h>
#endif

namespace {

using namespace groove;
using namespace groove::clusterer;
using bench::processor_seconds;

constexpr std::size_t kRows = 165'000, kWidth = 13;
constexpr unsigned kSteps = 20;

// Groups that overlap, as songs do.
std::vector<Series> rows() {
  Random random(1);
  std::vector<Series> middles, out;
  for (int g = 0; g < 60; ++g) middles.push_back(plain::random_series(1, kWidth, random));
  for (std::size_t i = 0; i < kRows; ++i) {
    Series row = plain::random_series(1, kWidth, random);
    const Series& middle = middles[random.below(middles.size())];
    for (std::size_t d = 0; d < kWidth; ++d) row.values[d] += 1.5F * middle.values[d];
    out.push_back(std::move(row));
  }
  return out;
}

#ifdef GROOVE_FAISS
void beside_faiss(const SeriesSet& set, const std::vector<Series>& start, double ours,
                  double inertia) {
  omp_set_num_threads(1);
  std::vector<float> table, centers;
  for (std::size_t i = 0; i < set.size(); ++i)
    table.insert(table.end(), set[i].values.begin(), set[i].values.end());
  for (const Series& s : start) centers.insert(centers.end(), s.values.begin(), s.values.end());
  faiss::ClusteringParameters parameters;
  parameters.niter = static_cast<int>(kSteps);
  parameters.max_points_per_centroid = static_cast<int>(kRows);  // all rows, no sample
  faiss::Clustering clustering(kWidth, static_cast<int>(start.size()), parameters);
  clustering.centroids = centers;
  faiss::IndexFlatL2 index(kWidth);
  const double before = processor_seconds();
  clustering.train(static_cast<faiss::Index::idx_t>(set.size()), table.data(), index);
  const double took = processor_seconds() - before;
  std::vector<float> distances(set.size());
  std::vector<faiss::Index::idx_t> labels(set.size());
  index.search(static_cast<faiss::Index::idx_t>(set.size()), table.data(), 1, distances.data(),
               labels.data());
  double sum = 0;
  for (const float distance : distances) sum += double{distance};
  fmt::print(
      "  faiss  {:7.3f} s, inertia {:.6f}: ours is {:.1f} times as fast, inertia {:.6f} of "
      "its\n",
      took, sum / static_cast<double>(set.size()), took / ours,
      inertia * static_cast<double>(set.size()) / sum);
}
#endif

}  // namespace

int main() {
  const SeriesSet set = SeriesSet::from(rows()).value();
  for (const std::size_t clusters : {20U, 50U, 200U, 1000U}) {
    std::vector<Series> start;
    Random random(2);
    for (std::size_t c = 0; c < clusters; ++c) {
      const SeriesView row = set[random.below(set.size())];
      start.push_back({kWidth, {row.values.begin(), row.values.end()}});
    }
    const double before = processor_seconds();
    const auto found =
        table_kmeans(set, start, {.iterations_max = kSteps, .tolerance = 0, .threads = 1});
    const double took = processor_seconds() - before;
    fmt::print("K = {:4}\n  groove {:7.3f} s, inertia {:.6f}, {} steps\n", clusters, took,
               found.inertia, found.iterations);
#ifdef GROOVE_FAISS
    if (clusters < 1000) beside_faiss(set, start, took, found.inertia);
#endif
  }
}
