// A listener's taste as a density over how songs sound: coarse (what their songs have in common)
// and fine (being near to one of them).
//
//   coarse(x) = sum over modes j of share_j * Normal(x; m_j, s2_j)       a diagonal normal a mode
//   fine(x)   = sum over groups i of share_i * Normal(x; mean_i, kKernelVariance * catalogue's)
//
// A group is one song where there are kKernelsMax songs or fewer, and songs that sound alike where
// there are more: what a ranking costs does not grow with what was ever liked.
//
// Few songs say little, so each normal starts as if it had seen more: the whole taste begins as
// kMeanSongs (for means) and kVarianceSongs (for variances) songs of the catalogue, a mode as
// kModeSongs and kVarianceSongs songs of the whole taste. A taste of disapproved songs is made the
// same way.
//
// Nothing but the songs given and the catalogue enters.
#pragma once

#include <cstdint>
#include <vector>

#include "scorer/core/sound_table.h"
#include "scorer/core/taste_songs.h"

namespace groove::scorer {

// The strengths were chosen on 186 public playlists, half of each hidden; see scorer/README.md.
inline constexpr double kMeanSongs = 0.5;
inline constexpr double kVarianceSongs = 6;
inline constexpr double kModeSongs = 3;
inline constexpr double kKernelVariance = 0.5;

struct Taste {
  struct Mode {
    std::uint32_t id = 0;  // as its songs name it
    double log_share = 0;
    Gaussian normal;
    double log_scale = 0;  // of the normal's density at its mean
  };
  struct Kernel {
    Song song = 0;  // the one that speaks for those that share it
    Vector vector{};
    double log_share = 0;
  };
  Gaussian whole;
  std::vector<Mode> modes;      // ascending by id; one at least
  std::vector<Kernel> kernels;  // one to kKernelsMax
  std::size_t songs = 0;
};

// `width` 0..1 moves every variance that far towards the catalogue's: 0 is the taste as it is.
// Costs as many steps as there are modes and kernels, however many songs there are.
// Requires: songs not empty, 1 <= dimensions.
Taste make_taste(const TasteSongs& songs, const Gaussian& catalogue, std::size_t dimensions,
                 double width = 0);

// The place in taste.modes of the one that finds the song likeliest (ties: the first).
std::size_t likeliest_mode(const Taste& taste, const Vector& vector, std::size_t dimensions);

// log Normal(x; mean, variance) in one dimension; x in vector steps.
double log_normal(std::int16_t x, double mean, double variance);

}  // namespace groove::scorer
