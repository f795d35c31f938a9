// k-means at the catalogue's size, beside the loop that a textbook has, in the same run: the ratio
// is what to look at, for it changes little when the machine is busy.
#include <benchmark/benchmark.h>

#include <limits>
#include <vector>

#include "clusterer/core/kmeans.h"
#include "clusterer/core/random.h"

namespace {

using namespace groove;
using namespace groove::clusterer;

constexpr std::size_t kSongs = 165'000, kClusters = 64;

const std::vector<Vector>& songs() {
  static const auto vectors = [] {
    Random random(1);
    std::vector<Vector> out(kSongs);
    for (Vector& vector : out)
      for (std::size_t d = 0; d < 12; ++d)
        vector[d] = static_cast<std::int16_t>(static_cast<int>(random.below(8193)) - kVectorMax);
    return out;
  }();
  return vectors;
}

const std::vector<Vector>& start() {
  static const auto chosen = seed_barycenters(songs(), kClusters, 1);
  return chosen;
}

// One step as it is written down: every difference, squared, summed.
void textbook_step(benchmark::State& state) {
  const std::vector<Vector>&vectors = songs(), &barycenters = start();
  std::vector<std::uint16_t> labels(kSongs);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kSongs; ++i) {
      std::int32_t least = std::numeric_limits<std::int32_t>::max();
      for (std::size_t c = 0; c < kClusters; ++c) {
        std::int32_t distance = 0;
        for (std::size_t d = 0; d < limits::kFeatureDims; ++d) {
          const std::int32_t away = vectors[i][d] - barycenters[c][d];
          distance += away * away;
        }
        if (distance < least) {
          least = distance;
          labels[i] = static_cast<std::uint16_t>(c);
        }
      }
    }
    benchmark::DoNotOptimize(labels.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(textbook_step)->Unit(benchmark::kMillisecond);

// One step of ours: the assignment and the books it keeps.
void step(benchmark::State& state) {
  const auto threads = static_cast<unsigned>(state.range(0));
  for (auto _ : state)
    benchmark::DoNotOptimize(lloyd(songs(), start(), {.iterations_max = 1, .threads = threads}));
}
BENCHMARK(step)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void seeding(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(seed_barycenters(songs(), kClusters, 1));
}
BENCHMARK(seeding)->Unit(benchmark::kMillisecond);

void whole(benchmark::State& state) {
  for (auto _ : state) {
    const Clustering out = kmeans(songs(), kClusters, 1, {.threads = 2});
    state.counters["steps"] = out.iterations;
    state.counters["inertia"] = out.inertia();
  }
}
BENCHMARK(whole)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
