#include "scorer/core/score.h"

#include <algorithm>
#include <array>

#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::scorer {
namespace {

using BlockScores = std::array<Score, kLanes>;

// Calls score(first, out) for every kLanes neighbours of the table.
template <class ScoreBlock>
std::vector<Score> each_block(const SoundTable& table, unsigned threads, const ScoreBlock& score) {
  std::vector<Score> out(table.size());
  const auto work = [&](unsigned, std::size_t begin, std::size_t end) {
    BlockScores scores;
    for (std::size_t first = begin; first < end; first += kLanes) {
      score(static_cast<Song>(first), scores);
      std::copy_n(scores.begin(), std::min(kLanes, end - first),
                  out.begin() + static_cast<std::ptrdiff_t>(first));
    }
  };
  for_each_block(table.size(), thread_count(threads), work);
  return out;
}

bool before(const Ranked& a, const Ranked& b) {
  return a.score != b.score ? a.score > b.score : a.song < b.song;
}

void keep_best(std::vector<Ranked>& ranked, std::size_t count) {
  const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(count, ranked.size()));
  std::partial_sort(ranked.begin(), end, ranked.end(), before);
  ranked.erase(end, ranked.end());
}

// The best songs met so far, and which score a song must reach to be among them.
class Best {
 public:
  explicit Best(std::size_t count) : count_(count) {}

  std::int64_t needed() const { return needed_; }
  void add(const Ranked& ranked) {
    if (ranked.score < needed_) return;
    songs_.push_back(ranked);
    if (songs_.size() >= 2 * count_ + kLanes) cut();
  }
  void cut() {
    keep_best(songs_, count_);
    if (songs_.size() == count_) needed_ = songs_.back().score;
  }
  const std::vector<Ranked>& songs() const { return songs_; }

 private:
  std::size_t count_;
  std::int64_t needed_ = INT64_MIN;  // ties included: the lower song wins them
  std::vector<Ranked> songs_;
};

}  // namespace

Ranking::Ranking(const SoundTable& table, const Preference& preference, Width width)
    : table_(table), plan_(make_plan(preference, table.overall(), table.dimensions(), width)) {}

std::vector<Score> Ranking::all(unsigned threads) const {
  return each_block(table_, threads, [&](Song first, BlockScores& out) {
    score_neighbours(plan_, table_, first, out);
  });
}

std::vector<Score> Ranking::of(std::span<const Song> songs) const {
  std::vector<Score> out;
  out.reserve(songs.size() + kLanes);
  BlockScores scores;
  for (std::size_t first = 0; first < songs.size(); first += kLanes) {
    score_songs(plan_, table_, songs.subspan(first, std::min(kLanes, songs.size() - first)),
                scores);
    out.insert(out.end(), scores.begin(), scores.end());
  }
  out.resize(songs.size());
  return out;
}

std::vector<Ranked> Ranking::top(std::size_t count, unsigned threads,
                                 const std::vector<bool>& skip) const {
  GROOVE_CHECK(count > 0);
  GROOVE_CHECK(skip.empty() || skip.size() == table_.size());
  const unsigned used = thread_count(threads);
  std::vector<Best> bests(used, Best(count));
  for_each_block(table_.size(), used, [&](unsigned thread, std::size_t begin, std::size_t end) {
    Best& best = bests[thread];
    std::vector<Song> promising;
    BlockScores bounds;
    const auto settle = [&] {
      const std::vector<Score> scores = of(promising);
      for (std::size_t i = 0; i < scores.size(); ++i) best.add({promising[i], scores[i]});
      promising.clear();
    };
    for (std::size_t first = begin; first < end; first += kLanes) {
      bound_neighbours(plan_, table_, static_cast<Song>(first), bounds);
      // Whose bound cannot reach the last of the best is out, exactly.
      for (std::size_t lane = 0; lane < std::min(kLanes, end - first); ++lane)
        if (bounds[lane] >= best.needed() && (skip.empty() || !skip[first + lane]))
          promising.push_back(static_cast<Song>(first + lane));
      if (promising.size() >= kLanes) settle();
    }
    settle();
  });
  for (std::size_t thread = 1; thread < bests.size(); ++thread)
    for (const Ranked& ranked : bests[thread].songs()) bests[0].add(ranked);
  bests[0].cut();
  return bests[0].songs();
}

}  // namespace groove::scorer
