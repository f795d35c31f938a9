// DTW by the cell and k-means by the set, in processor time: beside a textbook loop, beside this
// machine's peak of fused multiply-adds, and beside tslearn where GROOVE_TSLEARN_PYTHON names a
// Python that has it; then two threads by the wall, beside the machine's own ceiling: two runs at
// once that have nothing to do with each other. Usage: series_bench [SERIES=1000]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <numeric>
#include <thread>

#include "clusterer/core/npy.h"
#include "clusterer/core/series_kmeans.h"
#include "tests/bench/clusterer/fma_peak.h"
#include "tests/clusterer/core/plain_series.h"
#include "tests/support/temp_dir.h"

namespace {

using namespace groove;
using namespace groove::clusterer;
using bench::processor_seconds;

constexpr std::size_t kSteps = 80, kClusters = 20;

// The least of several tries: the machine is shared.
double seconds_of(const std::function<void()>& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 9; ++i) {
    const double before = processor_seconds();
    work();
    best = std::min(best, processor_seconds() - before);
  }
  return best;
}

// DTW as it is written down, in floats.
float textbook(const SeriesView& a, const SeriesView& b, std::vector<float>& room) {
  const std::size_t n = a.steps(), m = b.steps();
  room.assign((n + 1) * (m + 1), std::numeric_limits<float>::infinity());
  const auto at = [&](std::size_t i, std::size_t j) -> float& { return room[i * (m + 1) + j]; };
  at(0, 0) = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= m; ++j) {
      float cost = 0;
      for (std::size_t d = 0; d < a.dims; ++d) {
        const float away = a.values[(i - 1) * a.dims + d] - b.values[(j - 1) * a.dims + d];
        cost += away * away;
      }
      at(i, j) = cost + std::min(std::min(at(i - 1, j - 1), at(i - 1, j)), at(i, j - 1));
    }
  }
  return at(n, m);
}

void cells(std::size_t dims) {
  Random random(1);
  std::vector<Series> series;
  for (int i = 0; i < kLanes; ++i) series.push_back(plain::random_series(kSteps, dims, random));
  const SeriesSet set = SeriesSet::from(series).value();
  const Center center(set[0], fast_form(dims));
  std::vector<std::uint32_t> all(kLanes);
  std::iota(all.begin(), all.end(), 0U);
  Batch batch;
  batch.pack(set, all);
  std::vector<float> room;
  float kept = 0;
  constexpr double kCells = double{kSteps} * kSteps * kLanes;
  const double plain = seconds_of([&] {
    for (int i = 0; i < kLanes; ++i)
      kept += textbook(set[0], set[static_cast<std::size_t>(i)], room);
  });
  fmt::print("{:2} dimensions  textbook  {:7.0f} M cells/s\n", dims, kCells / plain / 1e6);
  for (const Kernels* kernels : all_kernels()) {
    Warp warp(std::nullopt, *kernels);
    std::vector<double> weights(kSteps), pulls(kSteps * dims);
    const int times = 10;
    const auto each = [&](const std::function<void()>& work) {
      return seconds_of([&] {
               for (int i = 0; i < times; ++i) work();
             }) /
             times;
    };
    const double dtw = each([&] { kept += warp.dtw(batch, center)[0]; });
    const double ways = each([&] { kept += warp.dtw_ways(batch, center)[0]; });
    const double soft = each([&] { kept += warp.soft(batch, center)[0]; });
    const double gradient = each([&] {
      kept += warp.soft(batch, center, true)[0];
      warp.soft_gradient(batch, center, weights.data(), pulls.data());
    });
    const double peak = bench::fma_peak(kernels->name);
    fmt::print(
        "{:2} dimensions  {:8}  {:7.0f} M cells/s = {:5.1f} x textbook, {:4.1f} % of the FMA "
        "peak ({:.0f} G/s); with paths {:.0f}; soft-DTW {:.0f}, with gradient {:.0f}\n",
        dims, kernels->name, kCells / dtw / 1e6, plain / dtw,
        100 * kCells / dtw * static_cast<double>(dims) / peak, peak / 1e9, kCells / ways / 1e6,
        kCells / soft / 1e6, kCells / gradient / 1e6);
  }
  if (kept == 0) std::abort();
}

void beside_tslearn(const std::vector<Series>& series, const std::vector<Series>& start,
                    const char* metric, double ours) {
  const char* python = std::getenv("GROOVE_TSLEARN_PYTHON");
  if (python == nullptr) return;
  const test::TempDir folder;
  std::ofstream(folder / "series.npy") << npy_of(series);
  std::ofstream(folder / "init.npy") << npy_of(start);
  const std::string command =
      fmt::format("{} {} {} {}", python, GROOVE_PEER, folder.path().string(), metric);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  double seconds = 0, inertia = 0;
  if (pipe != nullptr &&
      std::fscanf(pipe, "{\"seconds\": %lf, \"inertia\": %lf}", &seconds, &inertia) == 2)
    fmt::print("    tslearn: {:.2f} s, inertia {:.4f}: ours is {:.0f} times as fast\n", seconds,
               inertia, seconds / ours);
  if (pipe != nullptr) ::pclose(pipe);
}

double wall_seconds(const std::function<void()>& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void two_threads(const SeriesSet& set, const std::vector<Series>& start, Metric metric,
                 const char* name) {
  const auto run = [&](unsigned threads) {
    series_kmeans(
        set, start,
        {.measure = {.metric = metric}, .iterations_max = 10, .tolerance = 0, .threads = threads});
  };
  std::vector<double> one, two, apart;
  for (int i = 0; i < 9; ++i) {
    one.push_back(wall_seconds([&] { run(1); }));
    two.push_back(wall_seconds([&] { run(2); }));
    apart.push_back(wall_seconds([&] {
      const std::jthread other(run, 1);
      run(1);
    }));
  }
  fmt::print(
      "{}: {:.3f} s by the wall; two threads {:.3f} s, {:.2f} times as fast; ceiling {:.2f}\n",
      name, median(one), median(two), median(one) / median(two), 2 * median(one) / median(apart));
}

void whole(std::size_t count) {
  const auto sample = plain::waves(count, kClusters, 40, 119, 25, 1, 0.4F);
  const SeriesSet set = SeriesSet::from(sample.series).value();
  const std::vector<Series> start = draw_start(set, kClusters, 1, {.threads = 1});
  std::vector<Series> restored;
  for (const Series& s : start) restored.push_back(set.restored(s));
  for (const auto& [metric, name] :
       {std::pair(Metric::kDtw, "dtw"), std::pair(Metric::kSoftDtw, "softdtw")}) {
    for (const bool bounds : {true, false}) {
      const SeriesOptions options{.measure = {.metric = metric},
                                  .iterations_max = 10,
                                  .averaging_max = 10,
                                  .tolerance = 0,
                                  .threads = 1,
                                  .bounds = bounds};
      const double before = processor_seconds();
      const auto found = series_kmeans(set, start, options);
      const double took = processor_seconds() - before;
      fmt::print(
          "{} series, {} clusters, {}, {}: {:.3f} s, inertia {:.4f}, {} steps, "
          "{:.0f} % of pairs walked, {} passes of averaging\n",
          count, kClusters, name, bounds ? "bounds" : "no bounds", took, found.inertia,
          found.iterations,
          100 * static_cast<double>(found.pairs_walked) / static_cast<double>(found.pairs),
          found.averaging_passes);
      if (bounds) beside_tslearn(sample.series, restored, name, took);
    }
    two_threads(set, start, metric, name);
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const std::size_t dims : {1U, 2U, 25U}) cells(dims);
  whole(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000);
}
