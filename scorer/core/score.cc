#include "scorer/core/score.h"

#include <algorithm>
#include <array>

#include "workers/base/check.h"
#include "workers/base/parallel.h"

namespace groove::scorer {
namespace {

using BlockScores = std::array<Score, kLanes>;

// Calls score(block, out) for every kLanes neighbours of the table.
template <class ScoreBlock>
std::vector<Score> each_block(const SoundTable& table, unsigned threads, const ScoreBlock& score) {
  std::vector<Score> out(table.size());
  const auto work = [&](unsigned, std::size_t begin, std::size_t end) {
    SongBlock block;
    BlockScores scores;
    for (std::size_t first = begin; first < end; first += kLanes) {
      SongBlock::load(table, static_cast<Song>(first), block);
      score(block, scores);
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

std::vector<Song> songs_within(std::span<const Score> bounds, std::int64_t from, std::int64_t to) {
  std::vector<Song> out;
  for (std::size_t i = 0; i < bounds.size(); ++i)
    if (bounds[i] >= from && bounds[i] < to) out.push_back(static_cast<Song>(i));
  return out;
}

// A bound that at least `count` songs reach, found by counting them in steps of 1/16 nat.
std::int64_t reached_by(std::span<const Score> bounds, std::size_t count) {
  constexpr int kStepBits = 12;
  constexpr std::size_t kSteps = 1 << 14;
  const std::int64_t highest = *std::ranges::max_element(bounds);
  std::vector<std::uint32_t> counts(kSteps);
  for (const Score b : bounds)
    ++counts[std::min<std::size_t>(static_cast<std::size_t>(highest - b) >> kStepBits, kSteps - 1)];
  std::size_t step = 0, seen = counts[0];
  while (seen < count && step + 1 < kSteps) seen += counts[++step];
  if (step + 1 == kSteps) return INT32_MIN;
  return highest - (static_cast<std::int64_t>(step + 1) << kStepBits) + 1;
}

}  // namespace

Ranking::Ranking(const SoundTable& table, const Preference& preference, Width width)
    : table_(table), plan_(make_plan(preference, table.overall(), table.dimensions(), width)) {}

std::vector<Score> Ranking::all(unsigned threads) const {
  return each_block(table_, threads, [&](const SongBlock& block, BlockScores& out) {
    score_block(plan_, block, out);
  });
}

std::vector<Score> Ranking::bounds(unsigned threads) const {
  return each_block(table_, threads, [&](const SongBlock& block, BlockScores& out) {
    bound_block(plan_, block, out);
  });
}

std::vector<Score> Ranking::of(std::span<const Song> songs) const {
  std::vector<Score> out;
  out.reserve(songs.size() + kLanes);
  SongBlock block;
  BlockScores scores;
  for (std::size_t first = 0; first < songs.size(); first += kLanes) {
    SongBlock::gather(table_, songs.subspan(first, std::min(kLanes, songs.size() - first)), block);
    score_block(plan_, block, scores);
    out.insert(out.end(), scores.begin(), scores.end());
  }
  out.resize(songs.size());
  return out;
}

std::vector<Ranked> Ranking::top(std::size_t count, unsigned threads) const {
  GROOVE_CHECK(count > 0);
  const std::vector<Score> bound = bounds(threads);
  std::vector<Ranked> best;
  const auto consider = [&](const std::vector<Song>& songs) {
    const std::vector<Score> scores = of(songs);
    for (std::size_t i = 0; i < songs.size(); ++i) best.push_back({songs[i], scores[i]});
    keep_best(best, count);
  };
  const std::int64_t promising = reached_by(bound, 2 * count);
  consider(songs_within(bound, promising, INT64_MAX));
  // Whoever is not yet computed and cannot reach the last of the best is out, exactly.
  const std::int64_t needed = best.size() < count ? INT32_MIN : best.back().score;
  consider(songs_within(bound, std::min(needed, promising), promising));
  return best;
}

}  // namespace groove::scorer
