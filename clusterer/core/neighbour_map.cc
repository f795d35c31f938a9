#include "clusterer/core/neighbour_map.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "clusterer/core/kmeans.h"
#include "workers/base/check.h"
#include "workers/base/exact_math.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

using Point = std::array<double, 2>;

constexpr std::size_t kNear = 30,
                      kWidthNeighbour = 15;  // that attract; whose distance is the width
constexpr std::size_t kBetween = 8;          // landmarks a song lies between
constexpr int kSteps = 400, kEarly = 100;    // of the layout; drawn together at first
constexpr double kTogether = 12, kSide = 65535, kMargin = kSide / 20;
constexpr std::size_t kSample = 1000, kNeighbours = 12;

template <class T>
std::vector<T> even_sample(std::span<const T> all, std::size_t most) {
  const std::size_t count = std::min(all.size(), most);
  std::vector<T> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(all[i * all.size() / count]);
  return out;
}

struct Pull {
  std::size_t to = 0;
  double weight = 0;
};

// The neighbours of each landmark and how strongly they attract it: symmetric, all weights sum
// to 1.
std::vector<std::vector<Pull>> attractions(std::span<const Vector> songs, unsigned threads) {
  const std::size_t n = songs.size(), near = std::min(kNear, n - 1);
  std::vector<std::vector<Pull>> one_way(n), both(n);
  for_each_task(n, threads, [&](unsigned, std::size_t i) {
    std::vector<std::pair<std::int32_t, std::size_t>> others;
    for (std::size_t j = 0; j < n; ++j)
      if (j != i) others.emplace_back(squared_distance(songs[i], songs[j]), j);
    std::ranges::partial_sort(others, others.begin() + static_cast<std::ptrdiff_t>(near));
    const double width = 1 + static_cast<double>(others[std::min(kWidthNeighbour, near) - 1].first);
    double sum = 0;
    for (std::size_t k = 0; k < near; ++k) {
      const double weight = exact_exp(-static_cast<double>(others[k].first) / width);
      one_way[i].push_back({others[k].second, weight});
      sum += weight;
    }
    for (Pull& pull : one_way[i]) pull.weight /= sum * 2 * static_cast<double>(n);
  });
  for (std::size_t i = 0; i < n; ++i) {
    for (const Pull& pull : one_way[i]) {
      both[i].push_back(pull);
      both[pull.to].push_back({i, pull.weight});
    }
  }
  return both;
}

// The force on one point, its repulsion not yet divided by the sum of all.
struct Force {
  Point pull{}, push{};
  double sum = 0;
};

Force force_on(std::size_t i, const std::vector<Point>& at, const std::vector<Pull>& pulls) {
  Force out;
  for (const Pull& pull : pulls) {
    const double x = at[i][0] - at[pull.to][0], y = at[i][1] - at[pull.to][1];
    const double q = pull.weight / (1 + x * x + y * y);
    out.pull[0] += q * x;
    out.pull[1] += q * y;
  }
  for (std::size_t j = 0; j < at.size(); ++j) {
    const double x = at[i][0] - at[j][0], y = at[i][1] - at[j][1];
    const double q = 1 / (1 + x * x + y * y);
    out.sum += q;
    out.push[0] += q * q * x;
    out.push[1] += q * q * y;
  }
  out.sum -= 1;  // itself
  return out;
}

}  // namespace

NeighbourMap::NeighbourMap(std::span<const Vector> songs, const Projection& start, unsigned threads)
    : landmarks_(even_sample(songs, kLandmarks)) {
  GROOVE_CHECK(!songs.empty());
  for (const Vector& v : landmarks_) squares_.push_back(squared_distance(v, Vector{}));
  lay_out(start, thread_count(threads));
  find_range();
}

void NeighbourMap::lay_out(const Projection& start, unsigned threads) {
  const std::size_t n = landmarks_.size();
  for (const Vector& v : landmarks_) {
    const Place from = start.place(v);
    at_.push_back({(from[0] - kSide / 2) / kSide * 0.01, (from[1] - kSide / 2) / kSide * 0.01});
  }
  if (n < 3) return;
  const auto pulls = attractions(landmarks_, threads);
  std::vector<Point> moving(n, Point{});
  std::vector<Force> forces(n);
  const double rate = std::max(1.0, static_cast<double>(n) / kTogether) * 4;
  for (int step = 0; step < kSteps; ++step) {
    constexpr std::size_t kRows = 64;  // a task
    for_each_task((n + kRows - 1) / kRows, threads, [&](unsigned, std::size_t task) {
      for (std::size_t i = task * kRows; i < std::min(n, (task + 1) * kRows); ++i)
        forces[i] = force_on(i, at_, pulls[i]);
    });
    double sum = 0;
    for (const Force& force : forces) sum += force.sum;
    const double together = step < kEarly ? kTogether : 1, keep = step < kEarly ? 0.5 : 0.8;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t a = 0; a < 2; ++a) {
        const double slope = together * forces[i].pull[a] - forces[i].push[a] / sum;
        moving[i][a] = keep * moving[i][a] - rate * slope;
        at_[i][a] += moving[i][a];
      }
    }
  }
}

void NeighbourMap::find_range() {
  for (std::size_t a = 0; a < 2; ++a) {
    const auto [low, high] =
        std::ranges::minmax_element(at_, {}, [&](const Point& p) { return p[a]; });
    low_[a] = (*low)[a];
    width_[a] = (*high)[a] - (*low)[a];
  }
}

Place NeighbourMap::place(const Vector& song) const {
  // The nearest so far, in order; ties to the lower landmark.
  std::array<std::pair<std::int32_t, std::size_t>, kBetween + 1> nearest;
  nearest.fill({INT32_MAX, 0});
  const std::int32_t square = squared_distance(song, Vector{});
  for (std::size_t i = 0; i < landmarks_.size(); ++i) {
    std::int32_t dot = 0;
    for (std::size_t d = 0; d < limits::kFeatureDims; ++d)
      dot += static_cast<std::int32_t>(song[d]) * static_cast<std::int32_t>(landmarks_[i][d]);
    const std::int32_t distance = square + squares_[i] - 2 * dot;
    if (distance >= nearest.back().first) continue;
    std::size_t k = kBetween;
    for (; k > 0 && nearest[k - 1].first > distance; --k) nearest[k] = nearest[k - 1];
    nearest[k] = {distance, i};
  }
  const double farthest = static_cast<double>(nearest.back().first) + 1;
  Point sum{};
  double weights = 0;
  for (std::size_t k = 0; k < kBetween && nearest[k].first != INT32_MAX; ++k) {
    const double distance = nearest[k].first, share = 1 - distance / farthest;
    const double weight = share * share / (distance + 1);
    weights += weight;
    for (std::size_t a = 0; a < 2; ++a) sum[a] += weight * at_[nearest[k].second][a];
  }
  Place out{};
  for (std::size_t a = 0; a < 2; ++a) {
    const double part =
        width_[a] > 0 ? std::clamp((sum[a] / weights - low_[a]) / width_[a], 0.0, 1.0) : 0.5;
    out[a] = static_cast<std::uint16_t>(kMargin + part * (kSide - 2 * kMargin) + 0.5);
  }
  return out;
}

namespace {

// ranks[j]: how many are nearer to i than j is, by distance, then index.
template <class Distance>
std::vector<std::uint32_t> ranks_from(std::size_t i, std::size_t n, const Distance& distance) {
  std::vector<std::pair<std::int64_t, std::size_t>> others;
  for (std::size_t j = 0; j < n; ++j)
    if (j != i) others.emplace_back(distance(i, j), j);
  std::ranges::sort(others);
  std::vector<std::uint32_t> ranks(n, 0);
  for (std::uint32_t rank = 0; rank < others.size(); ++rank) ranks[others[rank].second] = rank;
  return ranks;
}

}  // namespace

MapQuality map_quality(std::span<const Vector> songs, std::span<const Place> places,
                       unsigned threads) {
  GROOVE_CHECK(!songs.empty() && songs.size() == places.size());
  const auto sound = even_sample(songs, kSample);
  const auto spot = even_sample(places, kSample);
  const std::size_t n = sound.size();
  if (n < 3 * kNeighbours + 2) return {1, 1};
  std::vector<std::uint64_t> intruders(n, 0), missing(n, 0);
  for_each_task(n, thread_count(threads), [&](unsigned, std::size_t i) {
    const auto in_sound = ranks_from(i, n, [&](std::size_t a, std::size_t b) {
      return std::int64_t{squared_distance(sound[a], sound[b])};
    });
    const auto on_map = ranks_from(i, n, [&](std::size_t a, std::size_t b) {
      const std::int64_t x = spot[a][0] - spot[b][0], y = spot[a][1] - spot[b][1];
      return x * x + y * y;
    });
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      if (on_map[j] < kNeighbours && in_sound[j] >= kNeighbours)
        intruders[i] += in_sound[j] + 1 - kNeighbours;
      if (in_sound[j] < kNeighbours && on_map[j] >= kNeighbours)
        missing[i] += on_map[j] + 1 - kNeighbours;
    }
  });
  const auto size = static_cast<double>(n), k = static_cast<double>(kNeighbours);
  const double worst = size * k * (2 * size - 3 * k - 1) / 2;
  const auto kept = [&](const std::vector<std::uint64_t>& penalties) {
    return 1 - static_cast<double>(
                   std::accumulate(penalties.begin(), penalties.end(), std::uint64_t{0})) /
                   worst;
  };
  return {kept(intruders), kept(missing)};
}

}  // namespace groove::clusterer
