// Compiled once for each instruction set: GROOVE_ISA 0, 1, 2 in namespace GROOVE_ISA_NAME.
#include "clusterer/core/kernels.h"

#include "clusterer/core/simd.h"
#include "clusterer/core/simd_math.h"

namespace groove::clusterer::GROOVE_ISA_NAME {
namespace {

// Where a tile stands: the corner above and to the left of it, and the row above it.
struct Edge {
  V corner;
  V top[kColumns];
};

// The squared distances of R rows and kColumns steps: the part that is a matrix product, with all
// its sums in registers.
template <int R, bool kDirect>
GROOVE_INLINE void tile_costs(const WarpJob& job, int lane, int i, int j, V (&cost)[R][kColumns]) {
  const std::ptrdiff_t dims = job.dims;
  const float* x = job.x + j * dims * kLanes + lane;
  const float* c = job.center + i * dims;
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (int s = 0; s < kColumns; ++s)
      cost[r][s] = kDirect ? all(0)
                           : add(load(job.squares + (j + s) * kLanes + lane),
                                 all(job.center_squares[i + r]));
  }
  for (std::ptrdiff_t d = 0; d < dims; ++d) {
    V xs[kColumns];
#pragma GCC unroll 4
    for (int s = 0; s < kColumns; ++s) xs[s] = load(x + (s * dims + d) * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
      const V cs = all(c[r * dims + d]);
#pragma GCC unroll 4
      for (int s = 0; s < kColumns; ++s) {
        const V away = kDirect ? sub(xs[s], cs) : xs[s];
        cost[r][s] = mul_add(away, kDirect ? away : cs, cost[r][s]);
      }
    }
  }
}

// Costs become far outside each lane's band.
template <int R>
GROOVE_INLINE void mask_band(const WarpJob& job, int lane, int i, int j, V (&cost)[R][kColumns]) {
  const V low = load(job.band_low + lane), high = load(job.band_high + lane);
  for (int r = 0; r < R; ++r) {
    for (int s = 0; s < kColumns; ++s) {
      const V off = all(static_cast<float>(i + r - j - s));
      cost[r][s] = if_below(off, low, all(kFar), if_below(high, off, all(kFar), cost[r][s]));
    }
  }
}

struct HardCell {
  // min(above, left, before) + cost; the diagonal first among equals, then from above.
  GROOVE_INLINE V of(const WarpJob& job, int lane, std::ptrdiff_t cell, V cost, V above, V left,
                     V before) {
    const V straight = least(above, left);
    if (job.ways != nullptr) {
      std::uint16_t* way = job.ways + 2 * cell;
      way[0] = static_cast<std::uint16_t>(at_most(before, straight));
      way[1] = static_cast<std::uint16_t>(at_most(above, left));
    }
    static_cast<void>(lane);
    return add(cost, least(straight, before));
  }
};

struct SoftCell {
  // -log2(2^-above + 2^-left + 2^-before) + cost. Only the two that are not the least need a power.
  GROOVE_INLINE V of(const WarpJob& job, int lane, std::ptrdiff_t cell, V cost, V above, V left,
                     V before) {
    const V low = least(above, left), high = most(above, left);
    const V first = least(low, before), middle = most(low, before);
    if (job.shares == nullptr) {
      const V sum =
          add(all(1), add(power_below_one(sub(first, high)), power_below_one(sub(first, middle))));
      return add(cost, sub(first, log2_from_one_to_three(sum)));
    }
    const V up = power_below_one(sub(first, above)), side = power_below_one(sub(first, left));
    const V sum = add(add(up, side), power_below_one(sub(first, before)));
    const V part = div(all(1), sum);
    float* share = job.shares + 2 * cell * kLanes + lane;
    store(share, mul(part, up));
    store(share + kLanes, mul(part, side));
    return add(cost, sub(first, log2_from_one_to_three(sum)));
  }
};

// The programme over a tile whose costs are known, in the order of its diagonals: the cells of one
// do not wait for each other.
template <class Cell, int R>
GROOVE_INLINE void walk(const WarpJob& job, int lane, int i, int j, V (&v)[R][kColumns],
                        Edge& edge) {
  float* column = job.column + i * kLanes + lane;
  V left[R];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) left[r] = load(column + r * kLanes);
  const std::ptrdiff_t plane =
      job.ways == nullptr ? 0
                          : std::ptrdiff_t{lane / kWidth} * job.rows * ((job.steps + 5) / 6 * 6);
#pragma GCC unroll 16
  for (int k = 0; k < R + kColumns - 1; ++k) {
#pragma GCC unroll 4
    for (int s = 0; s < kColumns; ++s) {
      const int r = k - s;
      if (r < 0 || r >= R) continue;
      const V above = r > 0 ? v[r - 1][s] : edge.top[s];
      const V beside = s > 0 ? v[r][s - 1] : left[r];
      const V before = s == 0 ? (r > 0 ? left[r - 1] : edge.corner)
                              : (r > 0 ? v[r - 1][s - 1] : edge.top[s - 1]);
      const std::ptrdiff_t cell = std::ptrdiff_t{j + s} * job.rows + i + r;
      v[r][s] = Cell::of(job, lane, plane + cell, v[r][s], above, beside, before);
    }
  }
  edge.corner = left[R - 1];
#pragma GCC unroll 4
  for (int s = 0; s < kColumns; ++s) edge.top[s] = v[R - 1][s];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) store(column + r * kLanes, v[r][kColumns - 1]);
}

// The band as all lanes of the batch see it: outside is outside for each, inside for each.
struct Band {
  int outside_low, outside_high, inside_low, inside_high;

  explicit Band(const WarpJob& job)
      : outside_low(-job.steps - 8),
        outside_high(job.rows + 8),
        inside_low(outside_low - 8),
        inside_high(outside_high + 8) {
    if (job.band_low == nullptr) return;
    outside_low = inside_low = static_cast<int>(job.band_low[0]);
    outside_high = inside_high = static_cast<int>(job.band_high[0]);
    for (int l = 1; l < kLanes; ++l) {
      const int low = static_cast<int>(job.band_low[l]), high = static_cast<int>(job.band_high[l]);
      if (low < outside_low) outside_low = low;
      if (low > inside_low) inside_low = low;
      if (high > outside_high) outside_high = high;
      if (high < inside_high) inside_high = high;
    }
  }
  bool holds(int i, int j, int rows) const {
    return i - (j + kColumns - 1) >= inside_low && i + rows - 1 - j <= inside_high;
  }
};

template <class Cell, bool kDirect, int R>
GROOVE_INLINE void tile(const WarpJob& job, const Band& band, int lane, int i, int j, Edge& edge) {
  V cost[R][kColumns];
  tile_costs<R, kDirect>(job, lane, i, j, cost);
  if (!band.holds(i, j, R)) mask_band<R>(job, lane, i, j, cost);
  walk<Cell, R>(job, lane, i, j, cost, edge);
}

// The rows that are left when no whole tile fits.
template <class Cell, bool kDirect, int R>
[[gnu::noinline]] void last_tile(const WarpJob& job, const Band& band, int lane, int i, int j,
                                 Edge& edge) {
  if (job.rows - i == R) return tile<Cell, kDirect, R>(job, band, lane, i, j, edge);
  if constexpr (R > 1) last_tile<Cell, kDirect, R - 1>(job, band, lane, i, j, edge);
}

// Down a strip of kColumns steps: all rows that the band lets a lane see.
template <class Cell, bool kDirect>
GROOVE_INLINE void strip(const WarpJob& job, const Band& band, int lane, int j) {
  int i = j + band.outside_low;
  i = i <= 0 ? 0 : i / kRows * kRows;
  int end = j + kColumns + band.outside_high;
  if (end > job.rows) end = job.rows;
  Edge edge;
  edge.corner = i > 0 ? load(job.column + (i - 1) * kLanes + lane) : all(j == 0 ? 0 : kFar);
  for (int s = 0; s < kColumns; ++s) edge.top[s] = all(kFar);
  for (; i < end && i + kRows <= job.rows; i += kRows)
    tile<Cell, kDirect, kRows>(job, band, lane, i, j, edge);
  if (i < end) {
    if constexpr (kRows > 1) last_tile<Cell, kDirect, kRows - 1>(job, band, lane, i, j, edge);
    i = job.rows;
  }
  for (int s = 0; s < kColumns; ++s)
    store(job.bottom + (j + s) * kLanes + lane, i >= job.rows ? edge.top[s] : all(kFar));
}

template <class Cell, bool kDirect>
GROOVE_INLINE void sweep(const WarpJob& job) {
  const Band band(job);
  for (int lane = 0; lane < kLanes; lane += kWidth) {
    for (int i = 0; i < job.rows; ++i) store(job.column + i * kLanes + lane, all(kFar));
    for (int j = 0; j < job.steps; j += kColumns) strip<Cell, kDirect>(job, band, lane, j);
  }
}

template <class Cell>
GROOVE_INLINE void warp(const WarpJob& job) {
  job.direct ? sweep<Cell, true>(job) : sweep<Cell, false>(job);
}

void dtw_only(const WarpJob& job) { warp<HardCell>(job); }
void soft_dtw(const WarpJob& job) {
  [[maybe_unused]] const FlushTiny flush;
  warp<SoftCell>(job);
}

// Back from the last cell; `ways` says at each where the path came from.
std::uint64_t average(const AverageJob& job) {
  const std::ptrdiff_t stride = (job.dims + kLanes - 1) / kLanes * kLanes;
  const int bit = job.lane % kWidth;
  const std::uint16_t* ways =
      job.ways + std::ptrdiff_t{2} * (job.lane / kWidth) * job.rows * job.columns;
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
  for (int i = job.rows - 1, j = job.steps - 1;;) {
    const float* x = job.x + std::ptrdiff_t{j} * job.dims;
    if (job.exact != nullptr) {
      for (std::ptrdiff_t d = 0; d < job.dims; ++d) job.exact[i * job.dims + d] += double{x[d]};
    } else {
      float* sum = job.sums + i * stride;
      for (std::ptrdiff_t d = 0; d < job.dims; d += kWidth)
        store(sum + d, add(load(sum + d), load(x + d)));
    }
    ++job.counts[i];
    if (i == 0 && j == 0) break;
    const std::uint16_t* way = ways + 2 * (std::ptrdiff_t{j} * job.rows + i);
    const int diagonal = (way[0] >> bit) & 1, up = (way[1] >> bit) & 1;
    hash = (hash + static_cast<std::uint64_t>(2 * diagonal + up)) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
    i -= diagonal | up;
    j -= diagonal | (up ^ 1);
  }
  return hash;
}

GROOVE_INLINE D exact_cost(const ExactWaysJob& job, int lane, std::ptrdiff_t i, std::ptrdiff_t j) {
  D sum = all_exact(0);
  for (std::ptrdiff_t d = 0; d < job.dims; ++d) {
    const D away = sub(widened(job.x + (j * job.dims + d) * kLanes + lane),
                       all_exact(job.center[i * job.dims + d]));
    sum = mul_add(away, away, sum);
  }
  return sum;
}

// Costs become far outside each lane's band.
GROOVE_INLINE D exact_band(const ExactWaysJob& job, int lane, std::ptrdiff_t off, D cost) {
  double costs[kWidth];
  store(costs, cost);
  for (int l = 0; l < kWidth; ++l) {
    const auto at = static_cast<float>(off);
    if (at < job.band_low[lane + l] || at > job.band_high[lane + l]) costs[l] = double{kFar};
  }
  return load(costs);
}

void exact_ways(const ExactWaysJob& job) {
  const std::ptrdiff_t columns = (job.steps + 5) / 6 * 6;
  for (int lane = 0; lane < kLanes; lane += kWidth) {
    std::uint16_t* way = job.ways + 2 * (lane / kWidth) * columns * job.rows;
    for (std::ptrdiff_t i = 0; i < job.rows; ++i)
      store(job.column + i * kLanes + lane, all_exact(double{kFar}));
    for (std::ptrdiff_t j = 0; j < job.steps; ++j) {
      D before = all_exact(j == 0 ? 0.0 : double{kFar}), above = all_exact(double{kFar});
      for (std::ptrdiff_t i = 0; i < job.rows; ++i, way += 2) {
        const D left = load(job.column + i * kLanes + lane);
        const D straight = least(above, left);
        way[0] = static_cast<std::uint16_t>(at_most(before, straight));
        way[1] = static_cast<std::uint16_t>(at_most(above, left));
        D cost = exact_cost(job, lane, i, j);
        if (job.band_low != nullptr) cost = exact_band(job, lane, i - j, cost);
        above = add(cost, least(straight, before));
        before = left;
        store(job.column + i * kLanes + lane, above);
      }
    }
  }
}

// How much of all paths runs through each cell (Cuturi & Blondel 2017, algorithm 2): a path's share
// goes back the way the cell's value came.
GROOVE_INLINE void flow_back(const SoftGradientJob& job, int lane) {
  const std::ptrdiff_t rows = job.rows;
  const float* shares = job.shares + lane;
  for (int j = job.steps - 1; j >= 0; --j) {
    float* here = job.flow + j * rows * kLanes + lane;
    const float* next = here + rows * kLanes;  // of step j + 1
    const float* share = shares + 2 * j * rows * kLanes;
    const float* share_next = share + 2 * rows * kLanes;
    const bool last = j == job.steps - 1;
    float ends[kLanes];
    for (int l = 0; l < kLanes; ++l) ends[l] = job.lengths[l] == j + 1 ? 1.0F : 0.0F;
    V down = load(ends + lane);  // what comes from the cell below, or the path's end
    V slant = all(0);            // from below to the right
    for (std::ptrdiff_t i = rows - 1; i >= 0; --i) {
      V flow = down;
      if (!last) {
        const V right = load(next + i * kLanes);
        const V up = load(share_next + 2 * i * kLanes);
        const V left = load(share_next + (2 * i + 1) * kLanes);
        flow = add(mul_add(right, left, flow), slant);
        slant = mul(right, most(all(0), sub(sub(all(1), up), left)));
      }
      store(here + i * kLanes, flow);
      down = mul(flow, load(share + 2 * i * kLanes));
    }
  }
}

// Lanes are added in their order.
GROOVE_INLINE double sum_of(V v) {
  float lanes[kWidth];
  store(lanes, v);
  double sum = 0;
  for (int l = 0; l < kWidth; ++l) sum += double{lanes[l]};
  return sum;
}

template <int R, int D>
GROOVE_INLINE void pull(const SoftGradientJob& job, int lane, int i, int d) {
  const std::ptrdiff_t rows = job.rows, dims = job.dims;
  V sums[R][D];
  for (int r = 0; r < R; ++r)
    for (int e = 0; e < D; ++e) sums[r][e] = all(0);
  for (std::ptrdiff_t j = 0; j < job.steps; ++j) {
    const float* flow = job.flow + (j * rows + i) * kLanes + lane;
    const float* x = job.x + (j * dims + d) * kLanes + lane;
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int e = 0; e < D; ++e)
        sums[r][e] = mul_add(load(flow + r * kLanes), load(x + e * kLanes), sums[r][e]);
  }
  for (int r = 0; r < R; ++r)
    for (int e = 0; e < D; ++e) job.pulls[(i + r) * dims + d + e] += sum_of(sums[r][e]);
}

GROOVE_INLINE void gather_pulls(const SoftGradientJob& job, int lane) {
  int i = 0;
  for (; i + 4 <= job.rows; i += 4) {
    int d = 0;
    for (; d + 4 <= job.dims; d += 4) pull<4, 4>(job, lane, i, d);
    for (; d < job.dims; ++d) pull<4, 1>(job, lane, i, d);
  }
  for (; i < job.rows; ++i)
    for (int d = 0; d < job.dims; ++d) pull<1, 1>(job, lane, i, d);
}

void soft_gradient(const SoftGradientJob& job) {
  [[maybe_unused]] const FlushTiny flush;
  for (int lane = 0; lane < kLanes; lane += kWidth) {
    flow_back(job, lane);
    for (int i = 0; i < job.rows; ++i) {
      V sum = all(0);
      for (std::ptrdiff_t j = 0; j < job.steps; ++j)
        sum = add(sum, load(job.flow + (j * job.rows + i) * kLanes + lane));
      job.weights[i] += sum_of(sum);
    }
    gather_pulls(job, lane);
  }
}

struct TwoNearest {
  V nearest = all(kFar), second = all(kFar), label = all(0);

  GROOVE_INLINE_MEMBER void see(V distance, int cluster) {
    second = least(second, most(distance, nearest));
    label = if_below(distance, nearest, all(static_cast<float>(cluster)), label);
    nearest = least(nearest, distance);
  }
};

template <int R>
GROOVE_INLINE void see_centers(const NearestJob& job, int lane, int c, TwoNearest& two) {
  const std::ptrdiff_t dims = job.dims;
  const float* center = job.centers + c * dims;
  V sums[R];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) sums[r] = all(job.center_squares[c + r]);
  for (std::ptrdiff_t d = 0; d < dims; ++d) {
    const V x = load(job.x + d * kLanes + lane);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) sums[r] = mul_add(x, all(center[r * dims + d]), sums[r]);
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) two.see(sums[r], c + r);
}

void nearest(const NearestJob& job) {
  for (int lane = 0; lane < kLanes; lane += kWidth) {
    TwoNearest two;
    int c = 0;
    for (; c + 8 <= job.clusters; c += 8) see_centers<8>(job, lane, c, two);
    for (; c < job.clusters; ++c) see_centers<1>(job, lane, c, two);
    store(job.nearest + lane, two.nearest);
    store(job.second + lane, two.second);
    store(job.label + lane, two.label);
  }
}

#if GROOVE_ISA > 0
// Pair p of a song's numbers lies in lane l of x[p].
void nearest_vectors(const VectorsJob& job) {
  for (int lane = 0; lane < kLanes; lane += kWidth) {
    std::int32_t pairs[8 * kWidth];
    __builtin_memcpy(pairs, job.songs + lane * 16, sizeof pairs);
    W x[8];
#pragma GCC unroll 8
    for (int p = 0; p < 8; ++p) x[p] = every_eighth(pairs + p);
    W least = all_whole(INT32_MAX), label = all_whole(0);
    for (int c = 0; c < job.clusters; ++c) {
      std::int32_t center[8];
      __builtin_memcpy(center, job.centers + std::ptrdiff_t{c} * 16, sizeof center);
      W dot = products(x[0], all_whole(center[0]));
#pragma GCC unroll 8
      for (int p = 1; p < 8; ++p) dot = add_whole(dot, products(x[p], all_whole(center[p])));
      const W distance = sub_whole(all_whole(job.squares[c]), add_whole(dot, dot));
      label = if_below_whole(distance, least, all_whole(c), label);
      least = least_whole(distance, least);
    }
    store_whole(job.distance + lane, least);
    store_whole(job.label + lane, label);
  }
}
#endif

}  // namespace

extern const Kernels kTable;
const Kernels kTable = {.name = GROOVE_ISA == 2   ? "avx512"
                                : GROOVE_ISA == 1 ? "avx2"
                                                  : "baseline",
                        .width = kWidth,
                        .dtw = dtw_only,
                        .soft_dtw = soft_dtw,
                        .exact_ways = exact_ways,
                        .average = average,
                        .soft_gradient = soft_gradient,
                        .nearest = nearest,
#if GROOVE_ISA > 0
                        .nearest_vectors = nearest_vectors
#endif
};

}  // namespace groove::clusterer::GROOVE_ISA_NAME
