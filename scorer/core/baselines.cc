#include "scorer/core/baselines.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kNearest = 3;

std::vector<float> centroid(const StandardTable& table, std::span<const Song> liked) {
  GROOVE_CHECK(!liked.empty());
  std::vector<float> out(table.dimensions());
  for (const Song song : liked)
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += table.of(song)[d];
  for (float& x : out) x /= static_cast<float>(liked.size());
  return out;
}

float squared_distance(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

float product(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

double chance(std::uint64_t seed, Song song) {
  return static_cast<double>(mix64(mix64(seed) + song) >> 11) / 9007199254740992.0;  // 2^53
}

}  // namespace

StandardTable::StandardTable(std::vector<float> values, std::size_t dimensions)
    : values_(std::move(values)), dimensions_(dimensions) {
  GROOVE_CHECK(dimensions > 0 && !values_.empty() && values_.size() % dimensions == 0);
  const auto n = static_cast<double>(size());
  for (std::size_t d = 0; d < dimensions; ++d) {
    double sum = 0, squares = 0;
    for (std::size_t i = d; i < values_.size(); i += dimensions) sum += double{values_[i]};
    const double mean = sum / n;
    for (std::size_t i = d; i < values_.size(); i += dimensions)
      squares += (values_[i] - mean) * (values_[i] - mean);
    const double deviation = std::sqrt(squares / n);
    const double scale = deviation > 0 ? 1 / deviation : 0;
    for (std::size_t i = d; i < values_.size(); i += dimensions)
      values_[i] = static_cast<float>((values_[i] - mean) * scale);
  }
}

Scores by_chance(std::size_t songs, std::uint64_t seed) {
  Scores out(songs);
  for (std::size_t s = 0; s < songs; ++s) out[s] = chance(seed, static_cast<Song>(s));
  return out;
}

Scores by_centroid(const StandardTable& table, std::span<const Song> liked) {
  const std::vector<float> middle = centroid(table, liked);
  Scores out(table.size());
  for (Song s = 0; s < out.size(); ++s) out[s] = -double{squared_distance(table.of(s), middle)};
  return out;
}

Scores by_cosine(const StandardTable& table, std::span<const Song> liked) {
  const std::vector<float> middle = centroid(table, liked);
  Scores out(table.size());
  for (Song s = 0; s < out.size(); ++s) {
    const double length = std::sqrt(double{product(table.of(s), table.of(s))});
    out[s] = length > 0 ? product(table.of(s), middle) / length : 0;
  }
  return out;
}

Scores by_nearest(const StandardTable& table, std::span<const Song> liked) {
  const std::size_t counted = std::min(kNearest, liked.size());
  GROOVE_CHECK(counted > 0);
  Scores out(table.size());
  for (Song s = 0; s < out.size(); ++s) {
    std::array<float, kNearest> nearest;
    nearest.fill(1e30F);
    for (const Song l : liked) {
      float squared = squared_distance(table.of(s), table.of(l));
      for (float& n : nearest)
        if (squared < n) std::swap(squared, n);
    }
    for (std::size_t i = 0; i < counted; ++i) out[s] -= std::sqrt(double{nearest[i]});
  }
  return out;
}

namespace {

constexpr std::size_t kClusters = 1000, kIterations = 10;

using Point = std::array<float, 2>;

// The two principal components, by the power method with what was found taken out: good enough to
// see by, and the same everywhere.
std::vector<Point> plane(const StandardTable& table) {
  const std::size_t d = table.dimensions();
  std::vector<double> scatter(d * d);
  for (Song s = 0; s < table.size(); ++s)
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j < d; ++j)
        scatter[i * d + j] += double{table.of(s)[i]} * table.of(s)[j];
  std::vector<Point> out(table.size());
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::vector<double> v(d, 1.0), next(d);
    v[axis] = 2;  // not at right angles to the axis looked for, whatever the data
    double length = 1;
    for (int step = 0; step < 300; ++step) {
      length = 0;
      for (std::size_t i = 0; i < d; ++i) {
        next[i] = 0;
        for (std::size_t j = 0; j < d; ++j) next[i] += scatter[i * d + j] * v[j];
        length += next[i] * next[i];
      }
      length = std::sqrt(length);
      if (length <= 0) break;
      for (std::size_t i = 0; i < d; ++i) v[i] = next[i] / length;
    }
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j < d; ++j) scatter[i * d + j] -= length * v[i] * v[j];
    for (Song s = 0; s < table.size(); ++s) {
      double at = 0;
      for (std::size_t i = 0; i < d; ++i) at += v[i] * table.of(s)[i];
      out[s][axis] = static_cast<float>(at);
    }
  }
  return out;
}

std::uint32_t nearest(const Point& point, const std::vector<float>& x,
                      const std::vector<float>& y) {
  std::array<float, kClusters> squared;
  for (std::size_t c = 0; c < x.size(); ++c)
    squared[c] = (point[0] - x[c]) * (point[0] - x[c]) + (point[1] - y[c]) * (point[1] - y[c]);
  const auto end = squared.begin() + static_cast<std::ptrdiff_t>(x.size());
  return static_cast<std::uint32_t>(std::min_element(squared.begin(), end) - squared.begin());
}

}  // namespace

OriginalWay::OriginalWay(const StandardTable& table) : cluster_(table.size()) {
  const std::vector<Point> points = plane(table);
  const std::size_t count = std::min(kClusters, points.size());
  std::vector<float> x(count), y(count);
  for (std::size_t c = 0; c < count; ++c) {
    const Point& start = points[c * points.size() / count];
    x[c] = start[0];
    y[c] = start[1];
  }
  for (std::size_t round = 0; round < kIterations; ++round) {
    std::vector<double> sum_x(count), sum_y(count);
    sizes_.assign(count, 0);
    for (std::size_t s = 0; s < points.size(); ++s) {
      const std::uint32_t c = cluster_[s] = nearest(points[s], x, y);
      sum_x[c] += double{points[s][0]};
      sum_y[c] += double{points[s][1]};
      ++sizes_[c];
    }
    for (std::size_t c = 0; c < count; ++c) {
      if (sizes_[c] == 0) continue;
      x[c] = static_cast<float>(sum_x[c] / sizes_[c]);
      y[c] = static_cast<float>(sum_y[c] / sizes_[c]);
    }
  }
}

Scores OriginalWay::scores(std::span<const Song> liked, std::uint64_t seed) const {
  std::vector<double> picked(sizes_.size());
  for (const Song song : liked) picked[cluster_[song]] += 1.0 / sizes_[cluster_[song]];
  Scores out(cluster_.size());
  // Chance decides between songs that are as likely to be picked.
  for (Song s = 0; s < out.size(); ++s) out[s] = picked[cluster_[s]] + 1e-9 * chance(seed, s);
  return out;
}

}  // namespace groove::scorer
