// A batch of recommendations from a catalogue, its model and what is kept of one listener: the one
// way there is, for the worker and for the command line. The same inputs give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "scorer/core/sound_table.h"
#include "scorer/song_keys.h"
#include "workers/base/limits.h"
#include "workers/base/result.h"
#include "workers/library.h"

namespace groove::scorer {

// Rises whenever a batch of the same input changes, so that a replay of an older batch says why.
// 1: up to 64 kernels, confidence without what the ranking has learnt since (batches say 0).
inline constexpr std::uint32_t kMethod = 2;

// Holds a Music and what is worked out from it once (about 11 MB and a third of a second for
// 165,000 songs). Immutable: const methods are safe from many threads.
class Recommender {
 public:
  explicit Recommender(std::shared_ptr<const Music> music);

  const std::shared_ptr<const Music>& music() const { return music_; }

  // The batch without what the event adds (listener, sequence, event id). `before`, if given, is
  // the state that `state` came from by verdicts; the batch tells what they taught.
  // Errors: kNotFound (no song that the listener likes is in the catalogue).
  Result<v1::BatchScored> recommend(const v1::ScorerState& state,
                                    std::size_t songs = limits::kBatchSongs,
                                    const v1::ScorerState* before = nullptr) const;

 private:
  std::shared_ptr<const Music> music_;
  SoundTable sounds_;
  SongKeyTable keys_;
  std::vector<std::string> features_;
};

}  // namespace groove::scorer
