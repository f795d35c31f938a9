// The ranking: how much likelier each song is under a taste than under the catalogue.
//
//   score(x) = (1 - near) * log( coarse(x) / overall(x) )      the character of the taste against
//                                                              all songs as one normal
//            +      near  * log( fine(x) / background(x) )     nearness to a song against how
//                                                              crowded that place is
//            - kDislike * log( 1 + trust * e^disliked(x) )     the same score under what was
//                                                              disapproved
//
// Each ratio divides densities of like smoothness: dividing a taste of few songs by the
// catalogue's fine density would mostly reward rare sounds (measured; see scorer/README.md).
//
// Scores are integers, 1/65536 nat, rounded from floats that are computed lane by lane in a fixed
// order: the same on every machine, register width and number of threads. The order is total:
// higher score first, then lower song.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scorer/core/score_plan.h"
#include "scorer/core/sound_table.h"
#include "scorer/core/taste.h"

namespace groove::scorer {

struct Ranked {
  Song song = 0;
  Score score = 0;
  bool operator==(const Ranked&) const = default;
};

// A Preference prepared for one catalogue. Holds a reference to `table`; const methods are safe
// from many threads.
class Ranking {
 public:
  Ranking(const SoundTable& table, const Preference& preference, Width width = widths().back());

  // Every song's score, by song. O(songs * dimensions * (modes + kernels)).
  std::vector<Score> all(unsigned threads = 1) const;
  std::vector<Score> of(std::span<const Song> songs) const;
  // The first `count` of the ranking (fewer if the catalogue is smaller), exactly as sorting all()
  // gives them. Every song's score is bounded by its coarse part; only those that may yet reach the
  // best met so far are computed. Songs that `skip` marks are left out (it is empty, or marks every
  // song of the table with yes or no): what is known is no reason to look farther.
  std::vector<Ranked> top(std::size_t count, unsigned threads = 1,
                          const std::vector<bool>& skip = {}) const;

 private:
  const SoundTable& table_;
  ScorePlan plan_;
};

}  // namespace groove::scorer
