// What the kernels take, made of series: sixteen packed across the lanes, a barycenter with its
// norms, a band, and the room to work in. Everything of one worker is reused from batch to batch.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "clusterer/core/kernels.h"
#include "clusterer/core/series.h"

namespace groove::clusterer {

// Sakoe and Chiba's band, as tslearn lays it for unequal lengths: with n steps against m, cells
// from min(0, n - m) - radius to max(0, n - m) + radius off the diagonal are walked. Every pair has
// a path, and a wider band never costs more.
using Band = std::optional<unsigned>;

// Up to sixteen series across the lanes; unused lanes repeat the first.
class Batch {
 public:
  // Series of `set`; values times `scale`. Requires: 1 <= which.size() <= kLanes.
  void pack(const SeriesSet& set, std::span<const std::uint32_t> which, float scale = 1);

  int lanes() const { return used_; }
  int steps() const { return steps_; }
  const std::array<int, kLanes>& lengths() const { return lengths_; }
  const float* x() const { return x_.data(); }
  const float* squares() const { return squares_.data(); }

 private:
  std::vector<float> x_, squares_;
  std::array<int, kLanes> lengths_{};
  int used_ = 0, steps_ = 0;
};

// Sets of at most so many values may be kept packed, a second time in memory: 256 MB.
inline constexpr std::size_t kPackedValuesMax = 64UL * 1024 * 1024;

// How a squared distance is worked out: by differences, or as |x|^2 + |c|^2 - 2 x.c, which takes
// half the work and loses digits where points are much nearer to each other than to the origin. At
// one or two dimensions the first is as fast.
enum class Form { kDifference, kProduct };
constexpr Form fast_form(std::size_t dims) {
  return dims <= 2 ? Form::kDifference : Form::kProduct;
}

// A barycenter as a kernel takes it, values times `scale`.
class Center {
 public:
  Center(const SeriesView& series, Form form, float scale = 1);

  int rows() const { return rows_; }
  int dims() const { return dims_; }
  bool direct() const { return form_ == Form::kDifference; }
  const float* values() const { return values_.data(); }
  const float* squares() const { return squares_.data(); }
  double square_max() const { return square_max_; }

 private:
  int rows_, dims_;
  Form form_;
  double square_max_;
  std::vector<float> values_, squares_;
};

// One thread's room.
class Warp {
 public:
  explicit Warp(Band band, const Kernels& kernels = groove::clusterer::kernels())
      : band_(band), kernels_(&kernels) {}

  // The costs of the lanes against a barycenter; never below 0.
  std::array<float, kLanes> dtw(const Batch& batch, const Center& center);
  // And the ways, for average().
  std::array<float, kLanes> dtw_ways(const Batch& batch, const Center& center);
  // After dtw_ways(): adds the series in `lane`, aligned, to sums and counts; returns the hash of
  // its path. Room: rows * sum_stride(dims) and rows.
  std::uint64_t average(const Batch& batch, const Center& center, int lane,
                        const SeriesView& series, float* sums, std::uint32_t* counts) const;
  // The ways alone, by doubles; and after it, as average(). `center` has rows * dims values. Room:
  // rows * dims.
  void exact_ways(const Batch& batch, std::span<const double> center, std::size_t dims);
  std::uint64_t exact_average(const Batch& batch, std::size_t rows, int lane,
                              const SeriesView& series, double* sums, std::uint32_t* counts) const;
  // Soft-DTW in units of gamma * ln 2 (the batch and the center are packed with soft_scale(gamma)).
  std::array<float, kLanes> soft(const Batch& batch, const Center& center, bool shares = false);
  // After soft() with shares: adds to rows weights and rows * dims pulls (in packed units).
  void soft_gradient(const Batch& batch, const Center& center, double* weights, double* pulls);

 private:
  WarpJob job(const Batch& batch, const Center& center);
  void lay_band(const Batch& batch, int rows);
  void room_for_ways(const Batch& batch, std::size_t rows);
  std::array<float, kLanes> costs(const WarpJob& job, const Batch& batch) const;

  Band band_;
  const Kernels* kernels_;
  std::array<float, kLanes> low_{}, high_{};
  std::vector<float> column_, bottom_, shares_, flow_;
  std::vector<double> exact_column_;
  std::vector<std::uint16_t> ways_;
};

// Values times this have squared distances in units of gamma * ln 2.
float soft_scale(double gamma);

}  // namespace groove::clusterer
