// A path of songs from one to another, each step a little more like the end.
#pragma once

#include <cstddef>
#include <vector>

#include "scorer/core/sound_table.h"

namespace groove::scorer {

// The sounds at even steps of the straight line between two, without its ends.
std::vector<Vector> stations(const Vector& from, const Vector& to, std::size_t steps);

// The `count` songs nearest to a sound (all, if there are fewer), the nearest first; ties: the
// lower song. Exact: distances are integers. O(songs * dimensions).
std::vector<Song> nearest_songs(const SoundTable& table, const Vector& sound, std::size_t count);

}  // namespace groove::scorer
