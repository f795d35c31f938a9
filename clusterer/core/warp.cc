#include "clusterer/core/warp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove::clusterer {
namespace {

using Four = float __attribute__((vector_size(16)));

Four load_four(const float* at) {
  Four out;
  __builtin_memcpy(&out, at, sizeof out);
  return out;
}

void store_four(float* at, Four value) { __builtin_memcpy(at, &value, sizeof value); }

// Four values of four series become four values of all of them.
void transpose_four(const float* const* from, std::size_t at, float scale, float* to) {
  const Four a = load_four(from[0] + at), b = load_four(from[1] + at);
  const Four c = load_four(from[2] + at), d = load_four(from[3] + at);
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const Four rows[4] = {__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
                        __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
                        __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
                        __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
#pragma GCC unroll 4
  for (int v = 0; v < 4; ++v) {
    store_four(to + v * kLanes, rows[v] * scale);
  }
}

// |x|^2 of one step, in every lane.
void square_step(const float* x, std::size_t dims, float* to) {
  static_assert(kLanes == 16);
  Four a = {}, b = {}, c = {}, e = {};  // four chains, in registers
  for (std::size_t d = 0; d < dims; ++d, x += kLanes) {
    const Four va = load_four(x), vb = load_four(x + 4);
    const Four vc = load_four(x + 8), ve = load_four(x + 12);
    a += va * va;
    b += vb * vb;
    c += vc * vc;
    e += ve * ve;
  }
  store_four(to, a);
  store_four(to + 4, b);
  store_four(to + 8, c);
  store_four(to + 12, e);
}

// Four series into four lanes, and zeros after their ends.
void pack_four(const float* const* from, const std::size_t* sizes, std::size_t size, float scale,
               float* to) {
  const std::size_t shortest = *std::min_element(sizes, sizes + 4);
  const std::size_t longest = *std::max_element(sizes, sizes + 4);
  std::size_t at = 0;
  for (; at + 4 <= shortest; at += 4) transpose_four(from, at, scale, to + at * kLanes);
  for (; at < longest; ++at)
    for (std::size_t l = 0; l < 4; ++l)
      to[at * kLanes + l] = at < sizes[l] ? from[l][at] * scale : 0;
  for (; at < size; ++at) store_four(to + at * kLanes, Four{});
}

void grow(std::vector<float>& room, std::size_t size) {
  if (room.size() < size) room.resize(size);
}

}  // namespace

void Batch::pack(const SeriesSet& set, std::span<const std::uint32_t> which, float scale) {
  GROOVE_CHECK(!which.empty() && which.size() <= kLanes);
  used_ = static_cast<int>(which.size());
  std::array<const float*, kLanes> from{};
  std::array<std::size_t, kLanes> sizes{};
  for (std::size_t l = 0; l < kLanes; ++l) {
    const SeriesView series = set[which[l < which.size() ? l : 0]];
    from[l] = series.values.data();
    lengths_[l] = static_cast<int>(series.steps());
    sizes[l] = series.values.size();
  }
  const std::size_t dims = set.dims();
  steps_ = std::ranges::max(lengths_);
  const auto columns = static_cast<std::size_t>(rounded_steps(steps_));
  grow(x_, columns * dims * kLanes);
  grow(squares_, columns * kLanes);
  for (std::size_t l = 0; l < kLanes; l += 4)
    pack_four(&from[l], &sizes[l], columns * dims, scale, x_.data() + l);
  for (std::size_t j = 0; j < columns; ++j)
    square_step(x_.data() + j * dims * kLanes, dims, squares_.data() + j * kLanes);
}

Center::Center(const SeriesView& series, Form form, float scale)
    : rows_(static_cast<int>(series.steps())),
      dims_(static_cast<int>(series.dims)),
      form_(form),
      square_max_(groove::clusterer::square_max(series) * scale * scale) {
  GROOVE_CHECK(rows_ > 0);
  const float times = direct() ? scale : -2 * scale;
  values_.reserve(series.values.size());
  for (const float value : series.values) values_.push_back(value * times);
  squares_.reserve(static_cast<std::size_t>(rows_));
  for (std::size_t i = 0; i < series.steps(); ++i) {
    float square = 0;
    for (std::size_t d = 0; d < series.dims; ++d) {
      const float value = series.values[i * series.dims + d] * scale;
      square += value * value;
    }
    squares_.push_back(square);
  }
}

WarpJob Warp::job(const Batch& batch, const Center& center) {
  const auto rows = static_cast<std::size_t>(center.rows());
  grow(column_, rows * kLanes);
  grow(bottom_, static_cast<std::size_t>(rounded_steps(batch.steps())) * kLanes);
  WarpJob out{.x = batch.x(),
              .squares = batch.squares(),
              .steps = batch.steps(),
              .dims = center.dims(),
              .center = center.values(),
              .center_squares = center.squares(),
              .rows = center.rows(),
              .direct = center.direct(),
              .column = column_.data(),
              .bottom = bottom_.data()};
  if (band_) {
    lay_band(batch, center.rows());
    out.band_low = low_.data();
    out.band_high = high_.data();
  }
  return out;
}

// Requires: there is a band.
void Warp::lay_band(const Batch& batch, int rows) {
  // Wider than both is no band; and what is compared with floats must be exact in them.
  const int radius =
      static_cast<int>(std::min<unsigned>(*band_, static_cast<unsigned>(limits::kSeriesStepsMax)));
  for (std::size_t l = 0; l < kLanes; ++l) {
    const int longer = rows - batch.lengths()[l];
    low_[l] = static_cast<float>(std::min(0, longer) - radius);
    high_[l] = static_cast<float>(std::max(0, longer) + radius);
  }
}

void Warp::room_for_ways(const Batch& batch, std::size_t rows) {
  const auto cells = static_cast<std::size_t>(rounded_steps(batch.steps())) * rows;
  const std::size_t room = 2 * cells * static_cast<std::size_t>(kLanes / kernels_->width);
  if (ways_.size() < room) ways_.resize(room);
}

std::array<float, kLanes> Warp::costs(const WarpJob& job, const Batch& batch) const {
  std::array<float, kLanes> out{};
  for (std::size_t l = 0; l < kLanes; ++l)
    out[l] = job.bottom[static_cast<std::size_t>(batch.lengths()[l] - 1) * kLanes + l];
  return out;
}

std::array<float, kLanes> Warp::dtw(const Batch& batch, const Center& center) {
  const WarpJob walk = job(batch, center);
  kernels_->dtw(walk);
  auto out = costs(walk, batch);
  for (float& cost : out) cost = std::max(cost, 0.0F);
  return out;
}

std::array<float, kLanes> Warp::dtw_ways(const Batch& batch, const Center& center) {
  WarpJob walk = job(batch, center);
  room_for_ways(batch, static_cast<std::size_t>(center.rows()));
  walk.ways = ways_.data();
  kernels_->dtw(walk);
  auto out = costs(walk, batch);
  for (float& cost : out) cost = std::max(cost, 0.0F);
  return out;
}

std::uint64_t Warp::average(const Batch& batch, const Center& center, int lane,
                            const SeriesView& series, float* sums, std::uint32_t* counts) const {
  return kernels_->average({.ways = ways_.data(),
                            .lane = lane,
                            .rows = center.rows(),
                            .steps = static_cast<int>(series.steps()),
                            .dims = center.dims(),
                            .columns = rounded_steps(batch.steps()),
                            .x = series.values.data(),
                            .sums = sums,
                            .counts = counts});
}

void Warp::exact_ways(const Batch& batch, std::span<const double> center, std::size_t dims) {
  const std::size_t rows = center.size() / dims;
  room_for_ways(batch, rows);
  if (exact_column_.size() < rows * kLanes) exact_column_.resize(rows * kLanes);
  if (band_) lay_band(batch, static_cast<int>(rows));
  kernels_->exact_ways({.x = batch.x(),
                        .steps = batch.steps(),
                        .dims = static_cast<int>(dims),
                        .rows = static_cast<int>(rows),
                        .center = center.data(),
                        .band_low = band_ ? low_.data() : nullptr,
                        .band_high = band_ ? high_.data() : nullptr,
                        .column = exact_column_.data(),
                        .ways = ways_.data()});
}

std::uint64_t Warp::exact_average(const Batch& batch, std::size_t rows, int lane,
                                  const SeriesView& series, double* sums,
                                  std::uint32_t* counts) const {
  return kernels_->average({.ways = ways_.data(),
                            .lane = lane,
                            .rows = static_cast<int>(rows),
                            .steps = static_cast<int>(series.steps()),
                            .dims = static_cast<int>(series.dims),
                            .columns = rounded_steps(batch.steps()),
                            .x = series.values.data(),
                            .exact = sums,
                            .counts = counts});
}

std::array<float, kLanes> Warp::soft(const Batch& batch, const Center& center, bool shares) {
  WarpJob walk = job(batch, center);
  if (shares) {
    const auto cells = static_cast<std::size_t>(rounded_steps(batch.steps())) *
                       static_cast<std::size_t>(center.rows());
    grow(shares_, 2 * cells * kLanes);
    walk.shares = shares_.data();
  }
  kernels_->soft_dtw(walk);
  return costs(walk, batch);
}

void Warp::soft_gradient(const Batch& batch, const Center& center, double* weights, double* pulls) {
  std::array<int, kLanes> lengths{};
  std::copy_n(batch.lengths().begin(), batch.lanes(), lengths.begin());
  grow(flow_,
       static_cast<std::size_t>(batch.steps()) * static_cast<std::size_t>(center.rows()) * kLanes);
  kernels_->soft_gradient({.x = batch.x(),
                           .shares = shares_.data(),
                           .steps = batch.steps(),
                           .dims = center.dims(),
                           .rows = center.rows(),
                           .lengths = lengths.data(),
                           .flow = flow_.data(),
                           .weights = weights,
                           .pulls = pulls});
}

float soft_scale(double gamma) {
  return static_cast<float>(1 / std::sqrt(gamma * std::numbers::ln2));
}

}  // namespace groove::clusterer
