#include "clusterer/core/kmeans.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

std::uint64_t hash(const Clustering& clustering) {
  std::uint64_t out = 0;
  const auto mix = [&](std::int64_t value) {
    out = mix64(out + 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(value));
  };
  for (const std::uint16_t label : clustering.labels) mix(label);
  for (const Vector& barycenter : clustering.barycenters)
    for (const std::int16_t value : barycenter) mix(value);
  return out;
}

// Lloyd's algorithm as a textbook writes it, slow and plain. No repair: its starts need none.
struct Textbook {
  std::vector<Vector> barycenters;
  std::vector<std::uint16_t> labels;

  Textbook(const std::vector<Vector>& vectors, std::vector<Vector> start)
      : barycenters(std::move(start)), labels(vectors.size(), 65535) {
    while (assign(vectors)) update(vectors);
  }

  bool assign(const std::vector<Vector>& vectors) {
    bool changed = false;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      std::int64_t least = std::numeric_limits<std::int64_t>::max();
      std::uint16_t nearest = 0;
      for (std::size_t c = 0; c < barycenters.size(); ++c) {
        std::int64_t distance = 0;
        for (std::size_t d = 0; d < vectors[i].size(); ++d) {
          const std::int64_t away = vectors[i][d] - barycenters[c][d];
          distance += away * away;
        }
        if (distance < least) {
          least = distance;
          nearest = static_cast<std::uint16_t>(c);
        }
      }
      changed |= labels[i] != nearest;
      labels[i] = nearest;
    }
    return changed;
  }

  void update(const std::vector<Vector>& vectors) {
    for (std::size_t c = 0; c < barycenters.size(); ++c) {
      for (std::size_t d = 0; d < barycenters[c].size(); ++d) {
        long double sum = 0, songs = 0;
        for (std::size_t i = 0; i < vectors.size(); ++i) {
          if (labels[i] != c) continue;
          sum += vectors[i][d];
          ++songs;
        }
        if (songs > 0)
          barycenters[c][d] = static_cast<std::int16_t>(std::floor(sum / songs + 0.5L));
      }
    }
  }
};

TEST(KmeansTest, AgreesWithTheTextbookToTheLastBit) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto vectors = grouped(300 + seed, 1 + seed % 9, seed);
    const auto start = seed_barycenters(vectors, 1 + seed % 13, seed);
    const Clustering fast = lloyd(vectors, start);
    const Textbook plain(vectors, start);
    EXPECT_TRUE(fast.converged) << "seed " << seed;
    EXPECT_EQ(fast.labels, plain.labels) << "seed " << seed;
    EXPECT_EQ(fast.barycenters, plain.barycenters) << "seed " << seed;
  }
}

TEST(KmeansTest, EveryNumberOfThreadsGivesTheSame) {
  const auto vectors = grouped(20'001, 20, 3, 4000);
  const std::uint64_t once = hash(kmeans(vectors, 24, 9, {.threads = 1}));
  for (const unsigned threads : {1U, 2U, 3U, 7U})
    EXPECT_EQ(hash(kmeans(vectors, 24, 9, {.threads = threads})), once) << threads << " threads";
}

// The very bits, so that a compiler or a machine that does otherwise is caught.
TEST(KmeansTest, TheResultIsTheSameEverywhere) {
  EXPECT_EQ(hash(kmeans(grouped(5'000, 12, 1, 3000), 16, 42)), 11897618408895169926u);
}

TEST(KmeansTest, InertiaNeverRisesFromStepToStep) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    double before = std::numeric_limits<double>::infinity();
    const auto never_up = [&](unsigned step, double inertia, std::size_t) {
      EXPECT_LE(inertia, before) << "seed " << seed << ", step " << step;
      before = inertia;
    };
    kmeans(grouped(3'000, 5, seed, 4000), 20, seed, {.on_step = never_up});
  }
}

TEST(KmeansTest, EachSongIsWithItsNearestBarycenterAndTheBooksBalance) {
  const auto vectors = grouped(4'000, 6, 5, 3000);
  for (const unsigned steps : {1U, 2U, 300U}) {
    const Clustering out = kmeans(vectors, 17, 5, {.iterations_max = steps});
    EXPECT_EQ(std::accumulate(out.sizes.begin(), out.sizes.end(), 0ULL), vectors.size());
    double inertia = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      const std::int32_t own = squared_distance(vectors[i], out.barycenters[out.labels[i]]);
      EXPECT_EQ(out.distances[i], own);
      for (std::size_t c = 0; c < out.barycenters.size(); ++c) {
        const std::int32_t other = squared_distance(vectors[i], out.barycenters[c]);
        ASSERT_TRUE(c < out.labels[i] ? other > own : other >= own);
      }
      inertia += own;
    }
    EXPECT_NEAR(out.inertia(), inertia / 4'000 / 1024 / 1024, 1e-9);
  }
}

TEST(KmeansTest, GroupsThatStandApartAreFound) {
  const auto vectors = grouped(900, 9, 2, 300);
  const Clustering out = kmeans(vectors, 9, 4);
  std::set<std::uint16_t> labels;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_EQ(out.labels[i], out.labels[i % 9]) << "song " << i;
    labels.insert(out.labels[i]);
  }
  EXPECT_EQ(labels.size(), 9u);
}

TEST(KmeansTest, SeedsSpreadOverGroupsThatStandApart) {
  const auto vectors = grouped(800, 8, 6, 200);
  int hit_all = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::set<std::ptrdiff_t> groups;
    for (const Vector& chosen : seed_barycenters(vectors, 8, seed))
      groups.insert((std::ranges::find(vectors, chosen) - vectors.begin()) % 8);
    hit_all += groups.size() == 8;
  }
  // Eight uniform draws would hit all eight groups once in 400.
  EXPECT_GE(hit_all, 40);
}

// Song 0 is drawn first with probability 1/3; then song 1 with weight 1 and song 2 with weight 9.
TEST(KmeansTest, SeedsFollowTheSquaredDistance) {
  const std::vector<Vector> line = {Vector{0}, Vector{1}, Vector{3}};
  std::map<std::int16_t, int> second;
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    const auto chosen = seed_barycenters(line, 2, seed);
    if (chosen[0][0] == 0) ++second[chosen[1][0]];
  }
  const double near = second[1], far = second[3];
  EXPECT_NEAR((near + far) / 30'000, 1.0 / 3, 0.015);
  EXPECT_NEAR(far / (near + far), 0.9, 0.015);
}

TEST(KmeansTest, AnEmptyClusterGetsTheFarthestSong) {
  const std::vector<Vector> vectors = {Vector{0}, Vector{2}, Vector{4}, Vector{90}};
  const std::vector<Vector> start = {Vector{1}, Vector{4000}};  // nothing is near the second
  const Clustering out = lloyd(vectors, start);
  EXPECT_TRUE(out.converged);
  EXPECT_EQ(out.labels, (std::vector<std::uint16_t>{0, 0, 0, 1}));
  EXPECT_EQ(out.barycenters, (std::vector<Vector>{Vector{2}, Vector{90}}));
}

TEST(KmeansTest, ManyEmptyClustersAreFilledAndTheLoopEnds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto vectors = grouped(200, 4, seed);
    const Clustering out = lloyd(vectors, std::vector<Vector>(30, Vector{kVectorMax}));
    EXPECT_TRUE(out.converged) << "seed " << seed;
    for (const std::uint64_t size : out.sizes) EXPECT_GT(size, 0u) << "seed " << seed;
  }
}

TEST(KmeansTest, DuplicatesGiveNoMoreClustersThanThereAreSounds) {
  std::vector<Vector> vectors;
  for (int i = 0; i < 90; ++i) vectors.push_back(Vector{static_cast<std::int16_t>(100 * (i % 3))});
  const Clustering out = kmeans(vectors, 10, 1);
  EXPECT_EQ(out.sizes, (std::vector<std::uint64_t>{30, 30, 30}));
  EXPECT_EQ(out.inertia(), 0);
}

TEST(KmeansTest, MoreBarycentersThanSoundsStillEnds) {
  const std::vector<Vector> vectors(10, Vector{5});
  const Clustering out = lloyd(vectors, std::vector<Vector>(4, Vector{0}));
  EXPECT_TRUE(out.converged);
  EXPECT_EQ(out.sizes, (std::vector<std::uint64_t>{10, 0, 0, 0}));
}

TEST(KmeansTest, AsManyClustersAsSongsLeavesNothingOver) {
  const auto vectors = grouped(50, 50, 8);
  const Clustering out = kmeans(vectors, 50, 3);
  EXPECT_EQ(out.inertia(), 0);
  EXPECT_EQ(out.sizes, std::vector<std::uint64_t>(50, 1));
}

TEST(KmeansTest, OneClusterIsTheMeanOfAllRoundedHalfUp) {
  const std::vector<Vector> vectors = {Vector{-3, 1}, Vector{-4, 2}};
  const Clustering out = kmeans(vectors, 1, 0);
  EXPECT_EQ(out.barycenters, (std::vector<Vector>{Vector{-3, 2}}));
  EXPECT_EQ(out.sizes, (std::vector<std::uint64_t>{2}));
}

TEST(KmeansTest, TheFarthestCornersDoNotOverflow) {
  Vector low, high;
  low.fill(-kVectorMax);
  high.fill(kVectorMax);
  EXPECT_EQ(squared_distance(low, high), 1 << 30);
  const Clustering out = lloyd(std::vector<Vector>{low, high}, {low, low});
  EXPECT_EQ(out.labels, (std::vector<std::uint16_t>{0, 1}));
  EXPECT_EQ(lloyd(std::vector<Vector>{high}, {low}, {.iterations_max = 1}).distances[0], 1 << 30);
}

}  // namespace
}  // namespace groove::clusterer
