// A listener's taste as a density over how songs sound: coarse (what their songs have in common)
// and fine (being near to one of them).
//
//   coarse(x) = sum over modes j of share_j * Normal(x; m_j, s2_j)       a diagonal normal a mode
//   fine(x)   = sum over songs i of share_i * Normal(x; song_i, kKernelVariance * catalogue's)
//
// Few songs say little, so each normal starts as if it had seen more: the whole taste begins as
// kMeanSongs (for means) and kVarianceSongs (for variances) songs of the catalogue, a mode as
// kModeSongs and kVarianceSongs songs of the whole taste. Approved songs join the mode that finds
// them likeliest. A taste of disapproved songs is made the same way.
//
// Of more than kKernelsMax songs those that sound alike share a kernel at their mean: what a
// ranking costs does not grow with what was ever liked.
//
// Sums are integers, so the order songs come in cannot matter, and taking a song back restores the
// very bits. Nothing but the songs given and the catalogue enters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/core/sound_table.h"

namespace groove::scorer {

// The strengths were chosen on 186 public playlists, half of each hidden; see scorer/README.md.
inline constexpr double kMeanSongs = 0.5;
inline constexpr double kVarianceSongs = 6;
inline constexpr double kModeSongs = 3;
inline constexpr double kKernelVariance = 0.5;
inline constexpr std::size_t kKernelsMax = 64;

// A weight that counts as one whole song: "picked by hand", or approved.
inline constexpr std::uint32_t kFullWeight = 1000;

struct TasteSong {
  Song song = 0;
  Vector vector{};
  std::uint32_t weight = kFullWeight;  // 1..kFullWeight
  std::uint32_t mode = 0;
};

struct Taste {
  struct Mode {
    std::uint32_t id = 0;  // as its songs name it
    double log_share = 0;
    Gaussian normal;
  };
  struct Kernel {
    Song song = 0;  // the first of those that share it
    Vector vector{};
    double log_share = 0;
  };
  struct Member {
    Song song = 0;
    Vector vector{};
  };
  Gaussian whole;
  std::vector<Mode> modes;      // ascending by id; one at least
  std::vector<Kernel> kernels;  // kKernelsMax at most; ascending by song
  std::vector<Member> songs;    // all of them; ascending
};

// `width` 0..1 moves every variance that far towards the catalogue's: 0 is the taste as it is.
// Requires: songs not empty and distinct, weights in 1..kFullWeight, 1 <= dimensions.
Taste make_taste(std::span<const TasteSong> songs, const Gaussian& catalogue,
                 std::size_t dimensions, double width = 0);

// The place in taste.modes of the one that finds the song likeliest (ties: the first).
std::size_t likeliest_mode(const Taste& taste, const Vector& vector, std::size_t dimensions);

// Gives each of `songs` the mode of `taste` that finds it likeliest (ties: the lower id).
void join_modes(std::span<TasteSong> songs, const Taste& taste, std::size_t dimensions);

// log Normal(x; mean, variance) in one dimension; x in vector steps.
double log_normal(std::int16_t x, double mean, double variance);

}  // namespace groove::scorer
