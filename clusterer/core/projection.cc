#include "clusterer/core/projection.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "workers/base/check.h"
#include "workers/base/parallel.h"

#ifndef EIGEN_DONT_VECTORIZE
#error "the order of Eigen's sums must not depend on the machine: define EIGEN_DONT_VECTORIZE"
#endif

namespace groove::clusterer {
namespace {

constexpr std::size_t kDims = limits::kFeatureDims;
constexpr double kSide = 65535, kMargin = kSide / 20;
constexpr std::size_t kBeyondPerMille = 1;

using Matrix = Eigen::Matrix<double, kDims, kDims>;
using Axis = std::array<double, kDims>;
using Axes = std::array<Axis, 2>;

// Sums of products of integers: exact in any order below 2^63 (a product is at most 2^24).
struct Moments {
  std::array<std::int64_t, kDims> sum{};
  std::array<std::array<std::int64_t, kDims>, kDims> product{};
  std::int64_t songs = 0;

  void add(const Vector& vector) {
    ++songs;
    for (std::size_t i = 0; i < kDims; ++i) {
      sum[i] += vector[i];
      for (std::size_t j = 0; j <= i; ++j) product[i][j] += vector[i] * vector[j];
    }
  }
  void add(const Moments& other) {
    songs += other.songs;
    for (std::size_t i = 0; i < kDims; ++i) {
      sum[i] += other.sum[i];
      for (std::size_t j = 0; j <= i; ++j) product[i][j] += other.product[i][j];
    }
  }
};

// The spread of all songs round their mean, in squared deviations a song.
Matrix total_scatter(const Moments& all) {
  Matrix scatter;
  const auto n = static_cast<double>(all.songs);
  constexpr double kUnit = double{kVectorScale} * kVectorScale;
  for (std::size_t i = 0; i < kDims; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double mean_product = static_cast<double>(all.product[i][j]) / n;
      const double product_of_means =
          (static_cast<double>(all.sum[i]) / n) * (static_cast<double>(all.sum[j]) / n);
      scatter(i, j) = scatter(j, i) = (mean_product - product_of_means) / kUnit;
    }
  }
  return scatter;
}

// The spread of the clusters' means round the mean of all, each weighing its songs.
Matrix between_scatter(std::span<const Moments> clusters, const Moments& all) {
  Matrix scatter = Matrix::Zero();
  for (const Moments& cluster : clusters) {
    if (cluster.songs == 0) continue;
    Axis away;
    for (std::size_t d = 0; d < kDims; ++d) {
      away[d] = (static_cast<double>(cluster.sum[d]) / static_cast<double>(cluster.songs) -
                 static_cast<double>(all.sum[d]) / static_cast<double>(all.songs)) /
                kVectorScale;
    }
    const double share = static_cast<double>(cluster.songs) / static_cast<double>(all.songs);
    for (std::size_t i = 0; i < kDims; ++i)
      for (std::size_t j = 0; j < kDims; ++j) scatter(i, j) += share * away[i] * away[j];
  }
  return scatter;
}

// The last two columns (the largest eigenvalues come last), length 1, signs fixed.
Axes top_two(const Matrix& eigenvectors) {
  Axes axes{};
  for (int a = 0; a < 2; ++a) {
    const auto column = static_cast<Eigen::Index>(kDims) - 1 - a;
    double length = 0;
    std::size_t largest = 0;
    for (std::size_t d = 0; d < kDims; ++d) {
      axes[a][d] = eigenvectors(d, column);
      length += axes[a][d] * axes[a][d];
      if (std::fabs(axes[a][d]) > std::fabs(axes[a][largest])) largest = d;
    }
    const double scale = (axes[a][largest] < 0 ? -1 : 1) / std::sqrt(length);
    for (double& coefficient : axes[a]) coefficient *= scale;
  }
  return axes;
}

Axes pca_axes(const Matrix& total) {
  return top_two(Eigen::SelfAdjointEigenSolver<Matrix>(total).eigenvectors());
}

// A ridge of a thousandth of a squared deviation keeps the within-scatter invertible when a
// dimension is constant (the padding always is).
Axes lda_axes(const Matrix& total, const Matrix& between) {
  const Matrix within = total - between + 1e-3 * Matrix::Identity();
  return top_two(Eigen::GeneralizedSelfAdjointEigenSolver<Matrix>(between, within).eigenvectors());
}

double along(const Axis& axis, const Vector& vector) {
  double sum = 0;
  for (std::size_t d = 0; d < kDims; ++d) sum += axis[d] * vector[d];
  return sum;
}

double separation(const Axes& axes, std::span<const Vector> vectors,
                  std::span<const std::uint16_t> labels, std::span<const Vector> barycenters,
                  unsigned threads) {
  std::vector<std::array<double, 2>> centers;
  for (const Vector& b : barycenters) centers.push_back({along(axes[0], b), along(axes[1], b)});
  std::vector<std::size_t> at_home(threads, 0);
  for_each_block(vectors.size(), threads, [&](unsigned thread, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double x = along(axes[0], vectors[i]), y = along(axes[1], vectors[i]);
      const auto apart = [&](const std::array<double, 2>& c) {
        return (x - c[0]) * (x - c[0]) + (y - c[1]) * (y - c[1]);
      };
      const double own = apart(centers[labels[i]]);
      at_home[thread] += std::none_of(centers.begin(), centers.end(),
                                      [&](const auto& c) { return apart(c) < own; });
    }
  });
  return static_cast<double>(std::accumulate(at_home.begin(), at_home.end(), std::size_t{0})) /
         static_cast<double>(vectors.size());
}

// The ends of the map's axis: what all but a thousandth of the songs at each end lie between.
void set_range(Projection& projection, int axis, std::span<const Vector> vectors) {
  std::vector<double> at;
  at.reserve(vectors.size());
  for (const Vector& vector : vectors) at.push_back(along(projection.axes[axis], vector));
  const auto beyond = static_cast<std::ptrdiff_t>(at.size() * kBeyondPerMille / 1000);
  std::nth_element(at.begin(), at.begin() + beyond, at.end());
  projection.low[axis] = at[beyond];
  std::nth_element(at.begin(), at.end() - 1 - beyond, at.end());
  projection.high[axis] = *(at.end() - 1 - beyond);
}

}  // namespace

std::array<std::uint16_t, 2> Projection::place(const Vector& vector) const {
  std::array<std::uint16_t, 2> out{};
  for (std::size_t a = 0; a < 2; ++a) {
    const double width = high[a] - low[a];
    const double part =
        width > 0 ? std::clamp((along(axes[a], vector) - low[a]) / width, 0.0, 1.0) : 0.5;
    out[a] = static_cast<std::uint16_t>(kMargin + part * (kSide - 2 * kMargin) + 0.5);
  }
  return out;
}

Projection make_projection(std::span<const Vector> vectors, std::span<const std::uint16_t> labels,
                           std::span<const Vector> barycenters, unsigned threads) {
  GROOVE_CHECK(!vectors.empty() && labels.size() == vectors.size());
  std::vector<Moments> clusters(barycenters.size());
  for (std::size_t i = 0; i < vectors.size(); ++i) clusters.at(labels[i]).add(vectors[i]);
  Moments all;
  for (const Moments& cluster : clusters) all.add(cluster);

  const Matrix total = total_scatter(all);
  const Axes pca = pca_axes(total), lda = lda_axes(total, between_scatter(clusters, all));
  const unsigned used = thread_count(threads);
  Projection out;
  out.pca_separation = separation(pca, vectors, labels, barycenters, used);
  out.lda_separation = separation(lda, vectors, labels, barycenters, used);
  out.plane = out.lda_separation > out.pca_separation ? Plane::kLda : Plane::kPca;
  out.axes = out.plane == Plane::kLda ? lda : pca;
  for (int axis = 0; axis < 2; ++axis) set_range(out, axis, vectors);
  return out;
}

}  // namespace groove::clusterer
