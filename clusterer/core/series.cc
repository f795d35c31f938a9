#include "clusterer/core/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove::clusterer {
namespace {

// Squares of differences, summed over dimensions and a path, must stay floats.
constexpr float kValueMax = 1e12F;
// Of twelve digits: two of these multiplied, and the square of their difference, are below 2^24.
constexpr double kGrainsMax = 2047;

Status check(const SeriesView& series, std::size_t dims, std::size_t number) {
  const auto wrong = [&](std::string what) {
    return fail(Errc::kInvalid, fmt::format("series {} {}", number, what));
  };
  if (series.dims != dims)
    return wrong(fmt::format("has {} dimensions where series 0 has {}", series.dims, dims));
  if (series.values.empty()) return wrong("is empty");
  if (series.steps() > limits::kSeriesStepsMax)
    return wrong(
        fmt::format("has {} steps; at most {} are taken", series.steps(), limits::kSeriesStepsMax));
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const float value = series.values[i];
    if (std::fabs(value) <= kValueMax) continue;
    return wrong(fmt::format("has {} at step {}, dimension {}", value, i / dims, i % dims));
  }
  return {};
}

void round_means(std::span<const SeriesView> series, std::vector<double>& means) {
  std::vector<double> squares(means.size(), 0);
  double points = 0;
  for (const SeriesView& s : series) {
    points += static_cast<double>(s.steps());
    for (std::size_t v = 0; v < s.values.size(); ++v) {
      const double away = s.values[v] - means[v % means.size()];
      squares[v % means.size()] += away * away;
    }
  }
  for (std::size_t d = 0; d < means.size(); ++d) {
    if (squares[d] == 0) continue;
    const double grain = std::ldexp(1, std::ilogb(std::sqrt(squares[d] / points)));
    means[d] = std::nearbyint(means[d] / grain) * grain;
  }
}

// The least power of two of which no value is more than kGrainsMax away from its mean.
double grain_of(std::span<const SeriesView> series, const std::vector<double>& means) {
  double most = 0;
  for (const SeriesView& s : series)
    for (std::size_t v = 0; v < s.values.size(); ++v)
      most = std::max(most, std::fabs(s.values[v] - means[v % means.size()]));
  return most == 0 ? 0 : std::ldexp(1, std::ilogb(most / kGrainsMax) + 1);
}

}  // namespace

double square_max(const SeriesView& series) {
  double most = 0;
  for (std::size_t at = 0; at < series.values.size(); at += series.dims) {
    double square = 0;
    for (std::size_t d = 0; d < series.dims; ++d)
      square += double{series.values[at + d]} * series.values[at + d];
    most = std::max(most, square);
  }
  return most;
}

Result<SeriesSet> SeriesSet::from(std::span<const Series> series) {
  const std::vector<SeriesView> views(series.begin(), series.end());
  return from(views);
}

Result<SeriesSet> SeriesSet::from(std::span<const SeriesView> series, Digits digits) {
  if (series.empty()) return fail(Errc::kInvalid, "there are no series");
  SeriesSet out;
  out.dims_ = series.front().dims;
  out.starts_.push_back(0);
  out.mean_.assign(out.dims_, 0);
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (const Status ok = check(series[i], out.dims_, i); !ok) return std::unexpected(ok.error());
    out.starts_.push_back(out.starts_.back() + series[i].steps());
    out.steps_max_ = std::max(out.steps_max_, series[i].steps());
    for (std::size_t v = 0; v < series[i].values.size(); ++v)
      out.mean_[v % out.dims_] += series[i].values[v];
  }
  for (double& mean : out.mean_) mean /= static_cast<double>(out.starts_.back());
  round_means(series, out.mean_);
  if (digits == Digits::kTwelve) out.grain_ = grain_of(series, out.mean_);
  out.values_.reserve(out.starts_.back() * out.dims_ + kSlack);
  for (const SeriesView& s : series) {
    const Series moved = out.centred(s);
    out.square_max_ = std::max(out.square_max_, groove::clusterer::square_max(moved));
    out.values_.insert(out.values_.end(), moved.values.begin(), moved.values.end());
  }
  out.values_.resize(out.values_.size() + kSlack, 0);
  return out;
}

SeriesView SeriesSet::operator[](std::size_t series) const {
  return {dims_, std::span(values_).subspan(starts_[series] * dims_, steps(series) * dims_)};
}

float SeriesSet::rounded(double value) const {
  if (grain_ == 0) return static_cast<float>(value);
  return static_cast<float>(std::clamp(std::nearbyint(value / grain_), -kGrainsMax, kGrainsMax) *
                            grain_);
}

Series SeriesSet::centred(const SeriesView& series) const {
  GROOVE_CHECK(series.dims == dims_);
  Series out{dims_, {series.values.begin(), series.values.end()}};
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = rounded(out.values[i] - mean_[i % dims_]);
  return out;
}

Series SeriesSet::restored(const SeriesView& series) const {
  GROOVE_CHECK(series.dims == dims_);
  Series out{dims_, {series.values.begin(), series.values.end()}};
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = static_cast<float>(out.values[i] + mean_[i % dims_]);
  return out;
}

}  // namespace groove::clusterer
