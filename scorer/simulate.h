// Simulated listeners: what their verdicts would be, and what verdicts teach.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scorer/core/metrics.h"
#include "scorer/core/score_plan.h"
#include "scorer/core/sound_table.h"
#include "scorer/evaluate.h"

namespace groove::scorer {

struct Listener {
  std::string group;
  std::vector<Song> liked;     // shown to the ranking; ascending, as all here
  std::vector<Song> hidden;    // the rest of the playlist
  std::vector<Song> approves;  // every song that pleases
};

// All of `liked` as one mode of taste: finding modes is the clusterer's art.
Preference preference_of(std::span<const Song> liked, const SoundTable& table);

// How true the prior confidences are: of the songs of `pool`, each listener is shown the first 20.
std::vector<ReliabilityBin> prior_reliability(std::span<const Listener> listeners,
                                              std::span<const Song> pool, const SoundTable& table);

// Each listener starts with kStartSongs of their liked songs and is shown the first 20 of `pool`
// over and over, never a song twice; each verdict is entered before the next round.
inline constexpr std::size_t kStartSongs = 3;
inline constexpr std::size_t kRounds = 6;
FeedbackRounds simulate(std::span<const Listener> listeners, std::span<const Song> pool,
                        const SoundTable& table, std::uint64_t seed);

}  // namespace groove::scorer
