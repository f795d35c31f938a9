// The inner loops, once for each instruction set, chosen when the program runs.
//
// Sixteen series lie across the lanes of a batch: value d of step j of series l is
// x[(j * dims + d) * 16 + l]. A barycenter's values are scalars, spread over the lanes as they are
// used. A wider register takes more lanes at once; what a lane computes, and in which order, is the
// same at every width. README.md has a picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace groove::clusterer {

inline constexpr int kLanes = 16;

// What is infinite in the dynamic programme: far above any cost, and differences of it are numbers.
inline constexpr float kFar = 1e30F;

// Sixteen series against one barycenter.
struct WarpJob {
  // `x` as above, and |x|^2 of each step: squares[j * 16 + l]. Both have steps up to a multiple of
  // six; what is in a lane after its series' end is finite and has no effect.
  const float* x = nullptr;
  const float* squares = nullptr;
  int steps = 0;  // of the longest
  int dims = 0;
  // The barycenter: rows * dims values, times -2 unless `direct`, and |c|^2 of each row.
  const float* center = nullptr;
  const float* center_squares = nullptr;
  int rows = 0;
  // At one or two dimensions (x - c)^2 itself; else |x|^2 + |c|^2 - 2 x.c.
  bool direct = false;
  // Cells with i - j below low[l] or above high[l] are not walked; nullptr: all are.
  const float *band_low = nullptr, *band_high = nullptr;

  float* column = nullptr;  // room: rows * 16
  // The programme's last row: bottom[j * 16 + l] is the cost of the first j + 1 steps of series l
  // against the whole barycenter. Room: steps up to a multiple of six.
  float* bottom = nullptr;

  // DTW: room for which way each cell was reached, or nullptr; read by AverageJob.
  std::uint16_t* ways = nullptr;  // room: 2 * rows * steps up to a multiple of six * 16 / width
  // Soft-DTW: how much of a cell comes from above and from the left, or nullptr.
  float* shares = nullptr;  // room: 2 * rows * steps up to a multiple of six * 16
};

// The same ways by doubles, cell after cell: slower, and for few dimensions, where many paths cost
// nearly the same and which of them is taken decides where averaging ends.
struct ExactWaysJob {
  const float* x = nullptr;  // as in WarpJob
  int steps = 0, dims = 0, rows = 0;
  const double* center = nullptr;  // rows * dims, as they are
  const float *band_low = nullptr, *band_high = nullptr;
  double* column = nullptr;  // room: rows * 16
  std::uint16_t* ways = nullptr;
};

// Walks one series' path back, adding the series' points to the rows they are aligned with.
struct AverageJob {
  const std::uint16_t* ways = nullptr;
  int lane = 0;
  int rows = 0, steps = 0, dims = 0;
  int columns = 0;           // what `ways` was written with: steps of its batch, rounded up
  const float* x = nullptr;  // steps * dims, one point after the other, kSlack readable behind
  float* sums = nullptr;     // rows * sum_stride(dims), or
  double* exact = nullptr;   // rows * dims
  std::uint32_t* counts = nullptr;  // rows
};

// The gradient of soft-DTW by the barycenter, summed over the lanes.
struct SoftGradientJob {
  const float* x = nullptr;  // of the batch, as in WarpJob
  const float* shares = nullptr;
  int steps = 0, dims = 0, rows = 0;
  const int* lengths = nullptr;  // of the 16 lanes; 0: the lane is not used
  float* flow = nullptr;         // room: rows * steps * 16
  double* weights = nullptr;     // rows: how much of all paths runs through the row, added to
  double* pulls = nullptr;       // rows * dims: the points they run through, so weighed, added to
};

// Sixteen points against all barycenters: the nearest, and how far the two nearest are.
struct NearestJob {
  const float* x = nullptr;        // x[d * 16 + l]
  const float* centers = nullptr;  // clusters * dims, times -2
  const float* center_squares = nullptr;
  int dims = 0, clusters = 0;
  float* nearest = nullptr;  // 16: the squared distance less |x|^2
  float* second = nullptr;   // 16: that of the nearest but one
  float* label = nullptr;    // 16: whole numbers; ties: the lower
};

// Sixteen of the model's vectors (sixteen 16-bit numbers each, one after the other) against all
// barycenters, in whole numbers: the same bits on every set.
struct VectorsJob {
  const std::int16_t* songs = nullptr;    // 16 * 16
  const std::int16_t* centers = nullptr;  // clusters * 16
  const std::int32_t* squares = nullptr;  // |c|^2
  int clusters = 0;
  std::int32_t* distance = nullptr;  // 16: the least |c|^2 - 2 x.c
  std::int32_t* label = nullptr;     // 16: of which barycenter; ties: the lower
};

struct Kernels {
  const char* name = nullptr;
  int width = 0;  // lanes in a register
  void (*dtw)(const WarpJob&) = nullptr;
  void (*soft_dtw)(const WarpJob&) = nullptr;
  void (*exact_ways)(const ExactWaysJob&) = nullptr;
  std::uint64_t (*average)(const AverageJob&) = nullptr;  // returns the path's hash
  void (*soft_gradient)(const SoftGradientJob&) = nullptr;
  void (*nearest)(const NearestJob&) = nullptr;
  void (*nearest_vectors)(const VectorsJob&) = nullptr;  // nullptr at the baseline
};

// The rows of sums are apart by this many floats.
constexpr int sum_stride(int dims) { return (dims + kLanes - 1) / kLanes * kLanes; }
// Steps as the tiles take them: two or three at once.
constexpr int rounded_steps(int steps) { return (steps + 5) / 6 * 6; }

// The best this machine has, or what the environment's GROOVE_ISA says: baseline, avx2, avx512. One
// that is unknown or that the machine lacks is a failed check.
const Kernels& kernels();
// All this machine can run, baseline first.
std::vector<const Kernels*> all_kernels();

}  // namespace groove::clusterer
