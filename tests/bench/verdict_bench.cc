// From a verdict to a new batch, reasons and all, by how much was liked and judged before: 165,000
// songs, some liked in three crowds and some anywhere, half of the verdicts approvals.
#include <benchmark/benchmark.h>

#include "scorer/convert.h"
#include "scorer/recommend.h"
#include "tests/scorer/music.h"

namespace {

using namespace groove;
using namespace groove::scorer;

constexpr std::size_t kSongs = 165'000;

scorer::test::SmallMusic& music() {
  static scorer::test::SmallMusic made(kSongs);
  return made;
}

const Recommender& recommender() {
  static const Recommender made(music().music());
  return made;
}

std::string id_at(Song song) { return std::string(recommender().music()->catalog.id(song)); }

// `anywhere`: songs of no particular taste, for which bounds prune little.
v1::ScorerState history(std::size_t liked, std::size_t judged, bool anywhere) {
  v1::ScorerState out;
  for (std::uint16_t mode = 0; mode < 3; ++mode) {
    v1::TasteMode& songs = *out.add_modes();
    const std::vector<Song> crowd = music().world.of_crowd(mode, liked / 3 + 1);
    for (std::size_t i = 0; i <= liked / 3; ++i)
      songs.add_songs()->set_song_id(id_at(anywhere ? static_cast<Song>(3 * i + mode) : crowd[i]));
  }
  for (std::size_t i = 0; i < judged; ++i) {
    scorer::test::judged(out, id_at(static_cast<Song>(100'000 + 7 * i)),
                         i % 2 == 0 ? v1::VERDICT_APPROVED : v1::VERDICT_DISAPPROVED);
    out.mutable_judged(static_cast<int>(i))->set_was_shown(true);
    out.mutable_judged(static_cast<int>(i))->set_score_milli(static_cast<int>(i % 8000));
  }
  return out;
}

void verdict_to_batch(benchmark::State& state) {
  const v1::ScorerState before =
      history(static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)),
              state.range(2) != 0);
  v1::FeedbackGiven feedback;
  feedback.add_verdicts()->set_song_id(id_at(90'000));
  feedback.mutable_verdicts(0)->set_verdict(v1::VERDICT_APPROVED);
  for (auto _ : state) {
    v1::ScorerState after = before;
    apply(feedback, after);
    benchmark::DoNotOptimize(recommender().recommend(after, limits::kBatchSongs, &before));
  }
}
BENCHMARK(verdict_to_batch)
    ->ArgNames({"liked", "judged", "anywhere"})
    ->Args({5, 0, 0})
    ->Args({50, 20, 0})
    ->Args({500, 100, 0})
    ->Args({500, 100, 1})
    ->Args({1990, 1990, 0})
    ->Args({1990, 1990, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
