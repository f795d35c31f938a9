// Ranking 165,000 songs of 12 features: the first 100, and every score, beside the formula written
// plainly.
#include <benchmark/benchmark.h>

#include <random>

#include "scorer/core/preference.h"
#include "scorer/core/score.h"
#include "workers/base/exact_math.h"

namespace {

using namespace groove;
using namespace groove::scorer;

constexpr std::size_t kSongs = 165'000, kDimensions = 12;

struct World {
  std::vector<Vector> vectors;
  std::vector<std::int32_t> backgrounds;
};

// Roughly normal, as the model's vectors are: sums of twelve uniform numbers.
World make_world() {
  std::mt19937_64 random(1);
  World out;
  out.vectors.resize(kSongs);
  out.backgrounds.resize(kSongs);
  for (std::size_t i = 0; i < kSongs; ++i) {
    double squares = 0;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      int sum = 0;
      for (int k = 0; k < 12; ++k) sum += static_cast<int>(random() % 1024);
      out.vectors[i][d] = static_cast<std::int16_t>(sum - 6 * 1024);
      const double x = out.vectors[i][d] / 1024.0;
      squares += x * x;
    }
    out.backgrounds[i] = static_cast<std::int32_t>(65536 * (-squares / 2 - 0.919 * kDimensions));
  }
  return out;
}

const SoundTable& table() {
  static const SoundTable made = [] {
    const World world = make_world();
    return SoundTable(world.vectors, world.backgrounds, kDimensions);
  }();
  return made;
}

// A listener of `liked` songs that sound alike, in `modes` modes.
Preference listener(std::size_t liked, std::size_t modes, std::size_t disapproved) {
  Opinions opinions;
  for (Song s = 0; opinions.liked.size() < liked; ++s) {
    const Vector v = table().vector(s);
    if (v[0] > 300 && v[1] < 0)
      opinions.liked.add({s, v, kFullWeight, static_cast<std::uint32_t>(s % modes)});
  }
  for (Song s = 50'000; opinions.disapproved.size() < disapproved; ++s)
    opinions.disapproved.add({s, table().vector(s), kFullWeight, 0});
  return make_preference(opinions, table());
}

void top_100(benchmark::State& state) {
  const Preference preference =
      listener(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
               static_cast<std::size_t>(state.range(2)));
  for (auto _ : state) benchmark::DoNotOptimize(Ranking(table(), preference).top(100));
}
BENCHMARK(top_100)
    ->ArgNames({"liked", "modes", "disapproved"})
    ->Args({5, 1, 0})
    ->Args({40, 3, 0})
    ->Args({40, 3, 40})
    ->Args({500, 8, 100})
    ->Unit(benchmark::kMillisecond);

void all_scores(benchmark::State& state) {
  const Preference preference = listener(static_cast<std::size_t>(state.range(0)), 3, 0);
  for (auto _ : state) benchmark::DoNotOptimize(Ranking(table(), preference).all());
}
BENCHMARK(all_scores)->ArgName("liked")->Arg(5)->Arg(40)->Unit(benchmark::kMillisecond);

double log_density(const Vector& x, const Gaussian& g) {
  double out = 0;
  for (std::size_t d = 0; d < kDimensions; ++d) out += log_normal(x[d], g.mean[d], g.variance[d]);
  return out;
}

double log_sum(const std::vector<double>& terms) {
  const double largest = *std::max_element(terms.begin(), terms.end());
  double sum = 0;
  for (const double term : terms) sum += exact_exp(term - largest);
  return largest + exact_log(sum);
}

// One song in 64, one number after another; compare 64 of these with one all_scores.
void plain_scores_of_a_64th(benchmark::State& state) {
  const Preference preference = listener(static_cast<std::size_t>(state.range(0)), 3, 0);
  const Gaussian& overall = table().overall();
  for (auto _ : state) {
    for (Song s = 0; s < kSongs; s += 64) {
      const Vector x = table().vector(s);
      std::vector<double> coarse, fine;
      for (const auto& mode : preference.liked.modes)
        coarse.push_back(mode.log_share + log_density(x, mode.normal));
      for (const auto& kernel : preference.liked.kernels) {
        Gaussian g = overall;
        for (std::size_t d = 0; d < kDimensions; ++d) {
          g.mean[d] = kernel.vector[d] / 1024.0;
          g.variance[d] *= kKernelVariance;
        }
        fine.push_back(kernel.log_share + log_density(x, g));
      }
      benchmark::DoNotOptimize((1 - kNear) * (log_sum(coarse) - log_density(x, overall)) +
                               kNear * (log_sum(fine) - double{table().backgrounds()[s]}));
    }
  }
}
BENCHMARK(plain_scores_of_a_64th)->ArgName("liked")->Arg(5)->Arg(40)->Unit(benchmark::kMillisecond);

}  // namespace
