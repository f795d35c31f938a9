#include "clusterer/core/barycenter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "clusterer/core/dtw.h"
#include "clusterer/core/lbfgs.h"
#include "clusterer/core/soft_barycenter.h"
#include "tests/clusterer/core/plain_series.h"

namespace groove::clusterer {
namespace {

using plain::random_series;

class BarycenterTest : public testing::Test {
 protected:
  void given(std::size_t count, std::size_t dims, std::uint64_t seed) {
    Random random(seed);
    series_.clear();
    for (std::size_t i = 0; i < count; ++i)
      series_.push_back(random_series(10 + random.below(30), dims, random));
    start_ = random_series(20, dims, random);
    set_ = SeriesSet::from(series_).value();
    members_.assign(1, std::vector<std::uint32_t>(count));
    std::iota(members_[0].begin(), members_[0].end(), 0U);
  }
  Series averaged(unsigned rounds, unsigned threads = 1) {
    std::vector<Series> barycenters = {set_->centred(start_)};
    outcome_ = Averaging(*set_, std::nullopt, threads).average(barycenters, members_, rounds);
    return set_->restored(barycenters[0]);
  }
  double cost(const Series& barycenter) const {
    double sum = 0;
    for (const Series& x : series_) sum += plain::plain_dtw(barycenter, x);
    return sum;
  }
  double soft_cost(const Series& barycenter, double gamma) const {
    double sum = 0;
    for (const Series& x : series_) sum += plain::plain_soft_dtw(barycenter, x, gamma);
    return sum;
  }

  std::vector<Series> series_;
  Series start_;
  std::optional<SeriesSet> set_;
  std::vector<std::vector<std::uint32_t>> members_;
  Averaging::Outcome outcome_;
};

TEST_F(BarycenterTest, OneRoundIsThePlainAverageOfWhatIsAligned) {
  for (const std::size_t dims : {1U, 2U, 5U, 25U}) {
    given(37, dims, 20 + dims);
    const Series plain = plain::plain_average(start_, series_), ours = averaged(1);
    for (std::size_t v = 0; v < plain.values.size(); ++v)
      EXPECT_NEAR(ours.values[v], plain.values[v], 2e-5) << dims << " dimensions, value " << v;
  }
}

TEST_F(BarycenterTest, RoundsNeverRaiseTheCostAndEndByThemselves) {
  for (std::uint64_t seed = 30; seed < 36; ++seed) {
    given(20, 1 + seed % 4, seed);
    double before = cost(start_);
    for (unsigned rounds = 1; rounds < 8; ++rounds) {
      const double now = cost(averaged(rounds));
      EXPECT_LE(now, before * (1 + 1e-6)) << "seed " << seed << ", round " << rounds;
      before = now;
    }
    const Series settled = averaged(1000);
    EXPECT_TRUE(outcome_.settled[0]) << "seed " << seed;
    EXPECT_LT(outcome_.passes, 1000U);
    EXPECT_EQ(averaged(1001), settled);
  }
}

TEST_F(BarycenterTest, NothingChangedIsNotDoneAgain) {
  given(20, 3, 40);
  std::vector<Series> barycenters = {set_->centred(start_)};
  Averaging averaging(*set_, std::nullopt, 1);
  averaging.average(barycenters, members_, 1000);
  const std::vector<Series> settled = barycenters;
  EXPECT_EQ(averaging.average(barycenters, members_, 1000).passes, 1U);
  EXPECT_EQ(barycenters, settled);
  members_[0].pop_back();
  EXPECT_GT(averaging.average(barycenters, members_, 1000).passes, 1U) << "other members";
}

// The paper's averaging in doubles throughout.
std::vector<double> plain_rounds(const Series& start, const std::vector<Series>& series,
                                 unsigned rounds, Band band) {
  std::vector<double> center(start.values.begin(), start.values.end());
  const std::size_t dims = start.dims, n = start.steps();
  for (; rounds > 0; --rounds) {
    std::vector<double> sums(center.size(), 0), counts(n, 0);
    for (const Series& x : series) {
      const std::size_t m = x.steps();
      plain::Table costs(n + 1, std::vector<double>(m + 1, plain::kInfinity));
      costs[0][0] = 0;
      for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t j = 1; j <= m; ++j) {
          if (!plain::in_band(i - 1, j - 1, n, m, band)) continue;
          double cost = 0;
          for (std::size_t d = 0; d < dims; ++d)
            cost += std::pow(center[(i - 1) * dims + d] - x.values[(j - 1) * dims + d], 2);
          costs[i][j] = cost + std::min({costs[i - 1][j - 1], costs[i - 1][j], costs[i][j - 1]});
        }
      }
      for (std::size_t i = n, j = m; i > 0 && j > 0;) {
        for (std::size_t d = 0; d < dims; ++d)
          sums[(i - 1) * dims + d] += x.values[(j - 1) * dims + d];
        ++counts[i - 1];
        const double across = costs[i - 1][j - 1], up = costs[i - 1][j], left = costs[i][j - 1];
        const bool slant = across <= up && across <= left;
        i -= slant || up <= left;
        j -= slant || up > left;
      }
    }
    for (std::size_t v = 0; v < sums.size(); ++v) center[v] = sums[v] / counts[v / dims];
  }
  return center;
}

// Ten rounds: one path taken otherwise in the first would be seen in all that follow.
TEST_F(BarycenterTest, AtFewDimensionsManyRoundsStayWithThePaperOnEveryInstructionSet) {
  for (std::uint64_t seed = 50; seed < 56; ++seed) {
    given(24, 1 + seed % 3, seed);
    const Band band = seed % 2 == 0 ? Band(5) : std::nullopt;
    const auto plain = plain_rounds(start_, series_, 10, band);
    std::vector<Series> barycenters = {set_->centred(start_)};
    Averaging(*set_, band, 1).average(barycenters, members_, 10);
    const Series ours = set_->restored(barycenters[0]);
    for (std::size_t v = 0; v < plain.size(); ++v)
      ASSERT_NEAR(ours.values[v], plain[v], 1e-6) << "seed " << seed << ", value " << v;
    Batch batch;
    batch.pack(*set_, std::span(members_[0]).first(kLanes));
    std::vector<std::vector<double>> sums;
    for (const Kernels* kernels : all_kernels()) {
      Warp warp(band, *kernels);
      warp.exact_ways(batch, plain, start_.dims);
      std::vector<double>& of = sums.emplace_back(plain.size(), 0);
      std::vector<std::uint32_t> counts(start_.steps(), 0);
      for (std::uint32_t l = 0; l < kLanes; ++l)
        warp.exact_average(batch, start_.steps(), static_cast<int>(l), (*set_)[l], of.data(),
                           counts.data());
      EXPECT_EQ(of, sums.front()) << "seed " << seed << ", " << kernels->name;
    }
  }
}

TEST_F(BarycenterTest, ThreadsDoNotMatter) {
  for (const std::size_t dims : {3U, 12U}) {
    given(700, dims, 41);
    EXPECT_EQ(averaged(3, 1), averaged(3, 5));
  }
  given(700, 3, 41);
  std::vector<Series> one = {set_->centred(start_)}, many = one;
  soft_average(*set_, 1, members_[0], one[0], 2, 1);
  soft_average(*set_, 1, members_[0], many[0], 2, 5);
  EXPECT_EQ(one, many);
}

TEST_F(BarycenterTest, SoftAveragingFallsAndEndsWhereItIsFlat) {
  for (const double gamma : {0.1, 1.0, 10.0}) {
    given(12, 2, 42);
    Series barycenter = set_->centred(start_);
    double before = soft_cost(start_, gamma);
    for (int round = 0; round < 4; ++round) {
      soft_average(*set_, gamma, members_[0], barycenter, 3, 1);
      const double now = soft_cost(set_->restored(barycenter), gamma);
      EXPECT_LE(now, before + 1e-4 * std::fabs(before)) << "gamma " << gamma << " " << round;
      before = now;
    }
    soft_average(*set_, gamma, members_[0], barycenter, 200, 1);
    const Series there = set_->restored(barycenter);
    const double least = soft_cost(there, gamma);
    for (std::size_t v = 0; v < there.values.size(); v += 7) {
      for (const float step : {-0.1F, 0.1F}) {
        Series beside = there;
        beside.values[v] += step;
        EXPECT_GT(soft_cost(beside, gamma), least - 1e-3 * std::fabs(least)) << v;
      }
    }
  }
}

// Rosenbrock's valley, curved and narrow.
TEST(Lbfgs, FindsTheEndOfRosenbrocksValley) {
  std::vector<double> x = {-1.2, 1};
  const double value = minimise(
      [](std::span<const double> at, std::span<double> gradient, std::span<double> curvature) {
        const double a = 1 - at[0], b = at[1] - at[0] * at[0];
        gradient[0] = -2 * a - 400 * at[0] * b;
        gradient[1] = 200 * b;
        curvature[0] = 1200 * at[0] * at[0] + 2;
        curvature[1] = 200;
        return a * a + 100 * b * b;
      },
      x, {.iterations_max = 200, .fall_min = 1e-14});
  EXPECT_LT(value, 1e-10);
  EXPECT_NEAR(x[0], 1, 1e-4);
  EXPECT_NEAR(x[1], 1, 1e-4);
}

}  // namespace
}  // namespace groove::clusterer
