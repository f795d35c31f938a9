#include "scorer/simulate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "scorer/core/confidence.h"
#include "scorer/core/preference.h"
#include "scorer/core/score.h"
#include "workers/base/ids.h"
#include "workers/base/limits.h"
#include "workers/progress.h"

namespace groove::scorer {
namespace {

TasteSong taste_song(Song song, const SoundTable& table) {
  return {.song = song, .vector = table.vector(song)};
}

Opinions liking(std::span<const Song> liked, const SoundTable& table) {
  Opinions out;
  for (const Song s : liked) out.liked.add(taste_song(s, table));
  return out;
}

std::vector<Ranked> first_of(const Preference& preference, std::span<const Song> songs,
                             const SoundTable& table) {
  const std::vector<Score> scores = Ranking(table, preference).of(songs);
  std::vector<Ranked> out;
  for (std::size_t i = 0; i < songs.size(); ++i) out.push_back({songs[i], scores[i]});
  std::ranges::sort(out, [](const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.song < b.song;
  });
  if (out.size() > limits::kBatchSongs) out.resize(limits::kBatchSongs);
  return out;
}

std::vector<Song> without(std::span<const Song> songs, const std::set<Song>& known) {
  std::vector<Song> out;
  for (const Song s : songs)
    if (!known.contains(s)) out.push_back(s);
  return out;
}

// One listener's rounds: enters what was told into `told`, and returns how many of each 20 pleased.
class Rounds {
 public:
  Rounds(const Listener& listener, const SoundTable& table, std::uint64_t seed)
      : listener_(listener), table_(table) {
    std::vector<Song> start = listener.liked;
    std::ranges::sort(start, {}, [&](Song s) { return std::pair(mix64(mix64(seed) + s), s); });
    if (start.size() > kStartSongs) start.resize(kStartSongs);
    opinions_ = liking(start, table);
    known_ = {start.begin(), start.end()};
  }

  double next(std::span<const Song> pool, std::vector<Told>& told) {
    const Preference preference = make_preference(opinions_, table_);
    const Calibration calibration =
        calibrate(outcomes_, outcomes_.size(), prior_calibration(opinions_.liked.size()));
    std::size_t pleased = 0;
    const std::size_t standing = outcomes_.size();
    const auto shown = first_of(preference, without(pool, known_), table_);
    for (const Ranked& r : shown) {
      const bool yes = std::ranges::binary_search(listener_.approves, r.song);
      told.push_back({confidence(calibration, r.score), yes});
      pleased += yes ? 1 : 0;
      known_.insert(r.song);
      outcomes_.push_back({r.score, yes, standing});
      const TasteSong song = taste_song(r.song, table_);
      yes ? approve(opinions_, song) : disapprove(opinions_, song);
    }
    return shown.empty() ? 0 : static_cast<double>(pleased) / static_cast<double>(shown.size());
  }

 private:
  const Listener& listener_;
  const SoundTable& table_;
  Opinions opinions_;
  std::vector<Outcome> outcomes_;
  std::set<Song> known_;
};

}  // namespace

Preference preference_of(std::span<const Song> liked, const SoundTable& table) {
  return make_preference(liking(liked, table), table);
}

std::vector<ReliabilityBin> prior_reliability(std::span<const Listener> listeners,
                                              std::span<const Song> pool, const SoundTable& table) {
  std::vector<Told> told;
  for (const Listener& listener : listeners) {
    const std::set<Song> known(listener.liked.begin(), listener.liked.end());
    const Calibration prior = prior_calibration(listener.liked.size());
    for (const Ranked& r :
         first_of(preference_of(listener.liked, table), without(pool, known), table))
      told.push_back(
          {confidence(prior, r.score), std::ranges::binary_search(listener.approves, r.song)});
  }
  return reliability(told);
}

FeedbackRounds simulate(std::span<const Listener> listeners, std::span<const Song> pool,
                        const SoundTable& table, std::uint64_t seed) {
  Progress progress("Simulating", listeners.size(), "listeners");
  std::vector<std::vector<double>> precision(kRounds);
  std::vector<Told> by_prior, by_verdicts;
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    Rounds rounds(listeners[i], table, seed);
    for (std::size_t round = 0; round < kRounds; ++round)
      precision[round].push_back(rounds.next(pool, round == 0 ? by_prior : by_verdicts));
    progress.at(i + 1);
  }
  FeedbackRounds out{.precision = {}, .reliability = reliability(by_verdicts)};
  for (const std::vector<double>& values : precision)
    out.precision.push_back(bootstrap(values, seed));
  return out;
}

}  // namespace groove::scorer
