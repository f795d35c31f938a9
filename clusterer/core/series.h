// Series of points: each has its own number of steps, all have the same number of dimensions.
//
// Values are centred: the mean of all points is taken away once, and put back when barycenters are
// handed out. Distances do not change by it, but |x|^2 + |c|^2 - 2 x.c keeps more digits the nearer
// the points are to the origin. The mean is rounded to a power of two near the deviation, so that
// as good as no value loses a digit.
//
// A set of twelve digits has its values rounded to whole multiples, up to 2,047, of one power of
// two. The product of two such values is a float without rounding, so a fused multiply-add gives
// what a multiplication and an addition give: k-means under DTW comes out the same, bit for bit, on
// every machine. What it costs stands in README.md: 1e-4 of the inertia.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/result.h"

namespace groove::clusterer {

// Points one after the other: values[step * dims + d].
struct Series {
  std::size_t dims = 1;
  std::vector<float> values;

  std::size_t steps() const { return values.size() / dims; }
  bool operator==(const Series&) const = default;
};

// A view of one.
struct SeriesView {
  std::size_t dims = 1;
  std::span<const float> values;

  SeriesView(std::size_t d, std::span<const float> v) : dims(d), values(v) {}
  SeriesView(const Series& s) : dims(s.dims), values(s.values) {}  // NOLINT: a view, as span is
  std::size_t steps() const { return values.size() / dims; }
};

enum class Digits { kAll, kTwelve };  // binary ones, of a value

class SeriesSet {
 public:
  // Errors: kInvalid (none; one that is empty or has other dimensions than the first; NaN,
  // infinite, or so large that its square is not a float; more than limits::kSeriesStepsMax steps),
  // naming the series.
  static Result<SeriesSet> from(std::span<const SeriesView> series, Digits digits = Digits::kAll);
  static Result<SeriesSet> from(std::span<const Series> series);

  std::size_t size() const { return starts_.size() - 1; }
  std::size_t dims() const { return dims_; }
  std::size_t steps(std::size_t series) const { return starts_[series + 1] - starts_[series]; }
  std::size_t steps_max() const { return steps_max_; }
  std::size_t value_count() const { return starts_.back() * dims_; }
  bool equal_steps() const { return steps_max_ * size() == starts_.back(); }
  SeriesView operator[](std::size_t series) const;  // centred

  // The squared length of the longest point. What rounding can do to a cost grows with it.
  double square_max() const { return square_max_; }

  bool twelve_digits() const { return grain_ != 0; }
  // A value as the set's own are rounded.
  float rounded(double value) const;
  Series centred(const SeriesView& series) const;   // the mean taken away, rounded
  Series restored(const SeriesView& series) const;  // the mean put back

 private:
  SeriesSet() = default;

  std::size_t dims_ = 0, steps_max_ = 0;
  std::vector<std::size_t> starts_;  // in steps; one more than there are series
  std::vector<float> values_;        // and kSlack more, so that a kernel may read past a point
  std::vector<double> mean_;
  double grain_ = 0;  // values are multiples of it; 0: they have all their digits
  double square_max_ = 0;
};

// The longest squared point of a series.
double square_max(const SeriesView& series);

// What may be read, and ignored, after the last value of a SeriesSet.
inline constexpr std::size_t kSlack = 16;

}  // namespace groove::clusterer
