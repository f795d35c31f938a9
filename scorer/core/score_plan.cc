#include "scorer/core/score_plan.h"

#include <algorithm>

#include "scorer/core/lanes.h"
#include "workers/base/check.h"
#include "workers/base/exact_math.h"

#if defined(__x86_64__)
#define GROOVE_X86 1
#else
#define GROOVE_X86 0
#endif

namespace groove::scorer {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;
constexpr float kNatsMax = 30000;  // times kScoreScale still fits a Score
// Far above what rounding can add to a float sum of this size, far below what matters.
constexpr Score kBoundMargin = 64;

ScorePlan::Quadratic against(const Taste::Mode& mode, const Gaussian& catalogue,
                             const Weights& weights, std::size_t dimensions) {
  ScorePlan::Quadratic out;
  double c = mode.log_share;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const double m = mode.normal.mean[d], v = mode.normal.variance[d];
    const double cm = catalogue.mean[d], cv = catalogue.variance[d];
    out.a[d] = static_cast<float>(weights[d] * (1 / cv - 1 / v) / 2);
    out.b[d] = static_cast<float>(weights[d] * (m / v - cm / cv));
    c += weights[d] * (cm * cm / cv - m * m / v + exact_log(cv / v)) / 2;
  }
  out.c = static_cast<float>(c);
  return out;
}

// At least log sum over i of share_i e^-d(x, i), whatever x: whichever kernel is nearest to x, the
// others are at least half as far from x as they are from that one (the triangle), so a quarter in
// squares. Songs that lie apart make it much less than 0, which it is when nothing is known.
double log_crowding(std::span<const Taste::Kernel> kernels, const Gaussian& catalogue,
                    std::size_t dimensions) {
  double most = 0;
  for (const Taste::Kernel& a : kernels) {
    double sum = 0;
    for (const Taste::Kernel& b : kernels) {
      double apart = 0;
      for (std::size_t d = 0; d < dimensions; ++d) {
        const double away = static_cast<double>(a.vector[d] - b.vector[d]) / kVectorScale;
        apart += away * away / (2 * kKernelVariance * catalogue.variance[d]);
      }
      sum += exact_exp(b.log_share - apart / 4);
    }
    most = std::max(most, sum);
  }
  return exact_log(most);
}

ScorePlan::Side make_side(const Taste& taste, const Gaussian& catalogue, const Weights& weights,
                          std::size_t dimensions, bool fine) {
  ScorePlan::Side out;
  for (const Taste::Mode& mode : taste.modes)
    out.coarse.push_back(against(mode, catalogue, weights, dimensions));
  if (!fine) return out;
  double top = 0;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const double v = kKernelVariance * catalogue.variance[d];
    out.fine_a[d] = static_cast<float>(-1 / (2 * v));
    top -= exact_log(kTwoPi * v) / 2;
  }
  out.fine_max = static_cast<float>(top + log_crowding(taste.kernels, catalogue, dimensions));
  for (const Taste::Kernel& kernel : taste.kernels) {
    ScorePlan::Linear line;
    double c = kernel.log_share + top;
    for (std::size_t d = 0; d < dimensions; ++d) {
      const double v = kKernelVariance * catalogue.variance[d];
      const double x = static_cast<double>(kernel.vector[d]) / kVectorScale;
      line.b[d] = static_cast<float>(x / v);
      c -= x * x / (2 * v);
    }
    line.c = static_cast<float>(c);
    out.fine.push_back(line);
  }
  return out;
}

// kLanes songs.
struct SongBlock {
  using Row = std::array<float, kLanes>;
  alignas(64) std::array<Row, limits::kFeatureDims> x;  // in deviations
  alignas(64) Row background;
};

[[gnu::always_inline]] inline void load_neighbours(const SoundTable& table, Song first,
                                                   SongBlock& out) {
  for (std::size_t d = 0; d < table.dimensions(); ++d) {
    const Lanes x = load_lanes(table.column(d) + first) * (1.0F / kVectorScale);
    std::memcpy(out.x[d].data(), &x, sizeof(x));
  }
  std::memcpy(out.background.data(), table.backgrounds() + first, sizeof(out.background));
}

// Lanes beyond the last song repeat the first.
void gather(const SoundTable& table, std::span<const Song> songs, SongBlock& out) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Song song = songs[lane < songs.size() ? lane : 0];
    for (std::size_t d = 0; d < table.dimensions(); ++d)
      out.x[d][lane] = static_cast<float>(table.column(d)[song]) * (1.0F / kVectorScale);
    out.background[lane] = table.backgrounds()[song];
  }
}

// log(e^a + e^b + ...) term by term: `largest` so far, and the sum of e^(term - largest).
struct LogSum {
  Lanes largest = Lanes{} - 1e30F;
  Lanes sum{};

  [[gnu::always_inline]] void add(const Lanes& term) {
    const Lanes above = term - largest;
    const Lanes e = lanes_exp(above > 0.0F ? -above : above);
    sum = above > 0.0F ? sum * e + 1.0F : sum + e;
    largest = lanes_max(largest, term);
  }
  [[gnu::always_inline]] Lanes value() const { return largest + lanes_log(sum); }
};

[[gnu::always_inline]] inline Lanes quadratic(const ScorePlan::Quadratic& q, const SongBlock& block,
                                              std::size_t dimensions) {
  Lanes out = Lanes{} + q.c;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const Lanes x = load_lanes(block.x[d]);
    out += (x * q.a[d] + q.b[d]) * x;
  }
  return out;
}

[[gnu::always_inline]] inline Lanes coarse(const ScorePlan::Side& side, const SongBlock& block,
                                           std::size_t dimensions) {
  if (side.coarse.size() == 1) return quadratic(side.coarse[0], block, dimensions);
  LogSum total;
  for (const ScorePlan::Quadratic& q : side.coarse) total.add(quadratic(q, block, dimensions));
  return total.value();
}

[[gnu::always_inline]] inline Lanes fine(const ScorePlan::Side& side, const SongBlock& block,
                                         std::size_t dimensions) {
  LogSum total;
  for (const ScorePlan::Linear& line : side.fine) {
    Lanes term = Lanes{} + line.c;
    for (std::size_t d = 0; d < dimensions; ++d) term += load_lanes(block.x[d]) * line.b[d];
    total.add(term);
  }
  Lanes shared{};
  for (std::size_t d = 0; d < dimensions; ++d) {
    const Lanes x = load_lanes(block.x[d]);
    shared += x * x * side.fine_a[d];
  }
  return total.value() + shared;
}

[[gnu::always_inline]] inline Lanes ratio(const ScorePlan& plan, const ScorePlan::Side& side,
                                          const SongBlock& block) {
  Lanes out = coarse(side, block, plan.dimensions) * (1.0F - plan.near);
  if (!side.fine.empty())
    out += (fine(side, block, plan.dimensions) - load_lanes(block.background)) * plan.near;
  return out;
}

// log(1 + e^x).
[[gnu::always_inline]] inline Lanes softplus(const Lanes& x) {
  const Lanes e = lanes_exp(x > 0.0F ? -x : x);
  return (x > 0.0F ? x : Lanes{}) + lanes_log(e + 1.0F);
}

[[gnu::always_inline]] inline void to_scores(const Lanes& nats, Score* out) {
  Lanes x = nats < -kNatsMax ? Lanes{} - kNatsMax : nats;
  x = x > kNatsMax ? Lanes{} + kNatsMax : x;
  const LaneBits scaled = __builtin_convertvector(x * static_cast<float>(kScoreScale), LaneBits);
  std::memcpy(out, &scaled, sizeof(scaled));
}

[[gnu::always_inline]] inline void score_lanes(const ScorePlan& plan, const SongBlock& block,
                                               Score* out) {
  Lanes nats = ratio(plan, plan.liked, block);
  if (!plan.disliked.coarse.empty())
    nats -=
        softplus(ratio(plan, plan.disliked, block) + plan.log_trust) * static_cast<float>(kDislike);
  to_scores(nats, out);
}

[[gnu::always_inline]] inline void bound_lanes(const ScorePlan& plan, const SongBlock& block,
                                               Score* out) {
  Lanes nats = coarse(plan.liked, block, plan.dimensions) * (1.0F - plan.near);
  if (!plan.liked.fine.empty())
    nats += (plan.liked.fine_max - load_lanes(block.background)) * plan.near;
  LaneBits bounds;
  to_scores(nats, out);
  std::memcpy(&bounds, out, sizeof(bounds));
  bounds += kBoundMargin;
  std::memcpy(out, &bounds, sizeof(bounds));
}

// What to do with kLanes neighbours of a table, or with a block that is gathered already.
struct Job {
  const SoundTable* neighbours = nullptr;
  Song first = 0;
  bool bound = false;
};

[[gnu::always_inline]] inline void work(const ScorePlan& plan, const Job& job, SongBlock& block,
                                        Score* out) {
  if (job.neighbours != nullptr) load_neighbours(*job.neighbours, job.first, block);
  job.bound ? bound_lanes(plan, block, out) : score_lanes(plan, block, out);
}

#if GROOVE_X86
[[gnu::target("avx2")]] void work_avx2(const ScorePlan& plan, const Job& job, SongBlock& block,
                                       Score* out) {
  work(plan, job, block, out);
}
[[gnu::target("avx2,avx512f")]] void work_avx512(const ScorePlan& plan, const Job& job,
                                                 SongBlock& block, Score* out) {
  work(plan, job, block, out);
}
#endif

void dispatch(const ScorePlan& plan, const Job& job, SongBlock& block, Score* out) {
#if GROOVE_X86
  if (plan.width == Width::kAvx512) return work_avx512(plan, job, block, out);
  if (plan.width == Width::kAvx2) return work_avx2(plan, job, block, out);
#endif
  work(plan, job, block, out);
}

}  // namespace

double trust_in(const Taste& disliked) {
  const auto n = static_cast<double>(disliked.songs);
  return n / (n + kDislikeSongs);
}

ScorePlan make_plan(const Preference& preference, const Gaussian& catalogue, std::size_t dimensions,
                    Width width) {
  GROOVE_CHECK(!preference.liked.modes.empty());
  GROOVE_CHECK(preference.near >= 0 && preference.near <= 1);
  ScorePlan out;
  out.dimensions = dimensions;
  out.width = width;
  out.near = static_cast<float>(preference.near);
  const bool fine = preference.near > 0;
  out.liked = make_side(preference.liked, catalogue, preference.weights, dimensions, fine);
  if (preference.disliked.modes.empty()) return out;
  out.disliked = make_side(preference.disliked, catalogue, preference.weights, dimensions, fine);
  out.log_trust = static_cast<float>(exact_log(trust_in(preference.disliked)));
  return out;
}

std::vector<Width> widths() {
  std::vector<Width> out = {Width::kBaseline};
#if GROOVE_X86
  if (__builtin_cpu_supports("avx2")) out.push_back(Width::kAvx2);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f"))
    out.push_back(Width::kAvx512);
#endif
  return out;
}

void score_neighbours(const ScorePlan& plan, const SoundTable& table, Song first,
                      std::span<Score, kLanes> out) {
  SongBlock block;
  dispatch(plan, {.neighbours = &table, .first = first}, block, out.data());
}

void bound_neighbours(const ScorePlan& plan, const SoundTable& table, Song first,
                      std::span<Score, kLanes> out) {
  SongBlock block;
  dispatch(plan, {.neighbours = &table, .first = first, .bound = true}, block, out.data());
}

void score_songs(const ScorePlan& plan, const SoundTable& table, std::span<const Song> songs,
                 std::span<Score, kLanes> out) {
  GROOVE_CHECK(!songs.empty() && songs.size() <= kLanes);
  SongBlock block;
  gather(table, songs, block);
  dispatch(plan, {}, block, out.data());
}

}  // namespace groove::scorer
