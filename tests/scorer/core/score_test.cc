#include "scorer/core/score.h"

#include <cmath>

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using test::Dice;
using test::kDimensions;
using test::World;

class ScoreTest : public testing::Test {
 protected:
  World world_{5000};
  SoundTable table_ = world_.table();

  Ranking ranking(const Opinions& opinions, Width width = widths().back()) const {
    return {table_, make_preference(opinions, table_), width};
  }
  std::vector<Score> scores(const Opinions& opinions) const { return ranking(opinions).all(); }
  Opinions busy_listener() const {
    Opinions out = world_.liking({3, 1415, 92, 653, 589, 7, 93, 2384, 626}, 3);
    for (const Song s : {4333, 832}) approve(out, world_.song(s));
    for (const Song s : {795, 288, 4197}) disapprove(out, world_.song(s));
    return out;
  }
};

// The formula of score.h as the C++ of a textbook: double, libm, one song at a time.
class Plain {
 public:
  Plain(const SoundTable& table, const Preference& p) : table_(table), p_(p) {}

  double score(Song song) const {
    double out = ratio(p_.liked, song);
    if (!p_.disliked.modes.empty())
      out -= kDislike * std::log1p(trust_in(p_.disliked) * std::exp(ratio(p_.disliked, song)));
    return out;
  }

 private:
  double density(const Vector& x, const Gaussian& g) const {
    double out = 0;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      const double away = x[d] / 1024.0 - g.mean[d];
      out -= (away * away / g.variance[d] + std::log(2 * M_PI * g.variance[d])) / 2;
    }
    return out;
  }
  double ratio(const Taste& taste, Song song) const {
    const Vector x = table_.vector(song);
    double coarse = 0, fine = 0;
    for (const auto& mode : taste.modes)
      coarse += std::exp(mode.log_share + density(x, mode.normal) - density(x, table_.overall()));
    for (const auto& kernel : taste.kernels) {
      Gaussian g = table_.overall();
      for (std::size_t d = 0; d < kDimensions; ++d) {
        g.mean[d] = kernel.vector[d] / 1024.0;
        g.variance[d] *= kKernelVariance;
      }
      fine += std::exp(kernel.log_share + density(x, g));
    }
    return (1 - p_.near) * std::log(coarse) +
           p_.near * (std::log(fine) - double{table_.backgrounds()[song]});
  }

  const SoundTable& table_;
  const Preference& p_;
};

TEST_F(ScoreTest, IsTheFormulaToAThousandthOfANat) {
  const Preference preference = make_preference(busy_listener(), table_);
  const std::vector<Score> all = Ranking(table_, preference).all();
  const Plain plain(table_, preference);
  for (Song s = 0; s < table_.size(); ++s)
    ASSERT_NEAR(all[s] / kScoreScale, plain.score(s), 1e-3) << "song " << s;
}

TEST_F(ScoreTest, HasTheSameBitsInEveryRegisterWidth) {
  const std::vector<Score> baseline = ranking(busy_listener(), Width::kBaseline).all();
  for (const Width width : widths())
    EXPECT_EQ(ranking(busy_listener(), width).all(), baseline)
        << "width " << static_cast<int>(width);
}

TEST_F(ScoreTest, HasTheSameBitsForAnyNumberOfThreads) {
  const Ranking ranking = this->ranking(busy_listener());
  for (const unsigned threads : {2U, 3U, 7U}) {
    EXPECT_EQ(ranking.all(threads), ranking.all(1));
    EXPECT_EQ(ranking.top(100, threads), ranking.top(100, 1));
  }
}

// Whatever order things are said in, and whatever is said and taken back between.
TEST_F(ScoreTest, DependsOnWhatStandsAlone) {
  const Opinions one = busy_listener();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    Opinions other;
    std::vector<std::pair<TasteSong, bool>> said;
    for (const TasteSong& s : one.liked.sorted()) said.push_back({s, true});
    for (const TasteSong& s : one.disapproved.sorted()) said.push_back({s, false});
    for (std::size_t i = said.size(); i > 1; --i) std::swap(said[i - 1], said[dice.below(i)]);
    for (const auto& [song, yes] : said) {
      const TasteSong passing = world_.song(static_cast<Song>(dice.below(table_.size())));
      const bool fresh = !other.liked.contains(passing.song);
      if (fresh) other.liked.add(passing);
      if (dice.below(2) == 0) yes ? disapprove(other, song) : approve(other, song);
      if (fresh) other.liked.remove(passing.song);
      yes ? approve(other, song) : disapprove(other, song);
    }
    ASSERT_EQ(scores(other), scores(one)) << "seed " << seed;
  }
}

TEST_F(ScoreTest, TheFirstOfTheRankingAreThoseOfTheFullSort) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Dice dice(seed);
    Opinions opinions;
    for (std::size_t i = 0, n = 1 + dice.below(30); i < n; ++i)
      opinions.liked.add(world_.song(static_cast<Song>(i * 150 + dice.below(150)),
                                     static_cast<std::uint32_t>(dice.below(4)),
                                     1 + static_cast<std::uint32_t>(dice.below(1000))));
    opinions.adventurousness = static_cast<unsigned>(dice.below(101));
    const Ranking ranking = this->ranking(opinions);
    std::vector<Ranked> sorted;
    for (const std::vector<Score> all = ranking.all(); const Score score : all)
      sorted.push_back({static_cast<Song>(sorted.size()), score});
    std::ranges::stable_sort(sorted, std::greater{}, &Ranked::score);
    const std::size_t count = 1 + dice.below(600);
    std::vector<bool> skip(table_.size());
    for (const Ranked& r : sorted) skip[r.song] = dice.below(3) == 0;
    std::vector<Ranked> rest = sorted;
    std::erase_if(rest, [&](const Ranked& r) { return skip[r.song]; });
    sorted.resize(count);
    rest.resize(std::min(rest.size(), count));
    ASSERT_EQ(ranking.top(count), sorted) << "seed " << seed;
    ASSERT_EQ(ranking.top(count, 1, skip), rest) << "seed " << seed;
  }
}

TEST_F(ScoreTest, AsksForMoreThanThereIsAndGetsAll) {
  EXPECT_EQ(ranking(busy_listener()).top(9000).size(), table_.size());
}

TEST_F(ScoreTest, EqualSoundsAreOrderedByTheirPlace) {
  World twins(200);
  twins.vectors[150] = twins.vectors[20];
  twins.backgrounds[150] = twins.backgrounds[20];
  const SoundTable table = twins.table();
  const auto top = Ranking(table, make_preference(twins.liking({20, 150}), table)).top(2);
  EXPECT_EQ(top[0].score, top[1].score);
  EXPECT_EQ(top[0].song, 20U);
  EXPECT_EQ(top[1].song, 150U);
}

TEST_F(ScoreTest, ApprovingASongRaisesItAndItsNeighbours) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Dice dice(seed);
    Opinions opinions = world_.liking(world_.of_crowd(0, 5));
    const auto chosen = static_cast<Song>(dice.below(table_.size()));
    if (world_.crowd[chosen] == 0) continue;
    const Score before = scores(opinions)[chosen];
    approve(opinions, world_.song(chosen));
    EXPECT_GT(scores(opinions)[chosen], before) << "seed " << seed;
  }
}

TEST_F(ScoreTest, DisapprovingLowersEverySongAndItsNeighboursMost) {
  Opinions opinions = world_.liking(world_.of_crowd(0, 5));
  const std::vector<Score> before = scores(opinions);
  const Song chosen = world_.of_crowd(0, 6).back();
  disapprove(opinions, world_.song(chosen));
  const std::vector<Score> after = scores(opinions);
  std::vector<Score> falls;
  for (Song s = 0; s < before.size(); ++s) {
    EXPECT_LE(after[s], before[s]);
    falls.push_back(before[s] - after[s]);
  }
  const Score fall = falls[chosen];
  EXPECT_GT(fall, 0);
  EXPECT_LT(std::ranges::count_if(falls, [&](Score f) { return f > fall; }),
            static_cast<std::ptrdiff_t>(falls.size() / 50));
}

TEST_F(ScoreTest, FewSongsMakeAWiderTasteThanMany) {
  const auto spread = [&](std::size_t songs) {
    const Taste taste = make_preference(world_.liking(world_.of_crowd(2, songs)), table_).liked;
    double sum = 0;
    for (std::size_t d = 0; d < kDimensions; ++d) sum += taste.whole.variance[d];
    return sum;
  };
  EXPECT_GT(spread(2), spread(10));
  EXPECT_GT(spread(10), spread(100));
}

TEST_F(ScoreTest, AnAdventurousListenerIsTakenFartherFromTheirSongs) {
  const auto nearness = [&](unsigned adventurousness) {
    Opinions opinions = world_.liking(world_.of_crowd(1, 8));
    opinions.adventurousness = adventurousness;
    const Ranking ranking = this->ranking(opinions);
    std::int64_t sum = 0;
    for (const Ranked& r : ranking.top(40)) {
      std::int64_t nearest = INT64_MAX;
      for (const TasteSong& liked : opinions.liked.sorted()) {
        std::int64_t squared = 0;
        for (std::size_t d = 0; d < kDimensions; ++d)
          squared += (liked.vector[d] - world_.vectors[r.song][d]) *
                     std::int64_t{liked.vector[d] - world_.vectors[r.song][d]};
        nearest = std::min(nearest, squared);
      }
      sum += nearest;
    }
    return sum;
  };
  EXPECT_LT(nearness(0), nearness(50));
  EXPECT_LT(nearness(50), nearness(100));
}

TEST_F(ScoreTest, ExtremeSoundsStayWithinTheScoresRange) {
  World world(64);
  world.vectors[0].fill(kVectorMax);
  world.vectors[1].fill(-kVectorMax);
  world.backgrounds[0] = INT32_MIN;
  world.backgrounds[1] = INT32_MAX;
  const SoundTable table = world.table();
  const auto all = Ranking(table, make_preference(world.liking({0}), table)).all();
  EXPECT_GT(all[0], all[1]);
}

}  // namespace
}  // namespace groove::scorer
