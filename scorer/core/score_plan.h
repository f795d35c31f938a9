// A Preference turned into the numbers that the lanes multiply by, and the inner loops over them.
//
// Under a diagonal normal a log density is a quadratic in each dimension, and so is the difference
// of two, so a mode against the catalogue is sum over d of (a_d x + b_d) x, plus c. All kernels
// have one shape: their quadratic term is shared, and each adds only b . x + c.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "scorer/core/sound_table.h"
#include "scorer/core/taste.h"

namespace groove::scorer {

using Score = std::int32_t;  // 1/65536 nat
inline constexpr double kScoreScale = 65536;

inline constexpr double kNear = 0.2;
inline constexpr double kDislike = 0.75;
// Disapproved songs count as n / (n + kDislikeSongs): one of them is no taste yet.
inline constexpr double kDislikeSongs = 20;

// How much each dimension counts in the coarse part, 1 as it is: 0 not at all.
using Weights = std::array<double, limits::kFeatureDims>;
consteval Weights even_weights() {
  Weights out{};
  out.fill(1);
  return out;
}

// What a ranking stands on. `disliked` may have no modes: nothing was disapproved.
struct Preference {
  Taste liked;
  Taste disliked;
  double near = kNear;  // 0..1
  Weights weights = even_weights();
};

// How far disapproved songs are believed to be a taste, 0..1. Requires: disliked not empty.
double trust_in(const Taste& disliked);

// Which registers the lanes run in. The bits are the same: wider ones do more lanes at once and the
// same operations in each.
enum class Width : std::uint8_t { kBaseline, kAvx2, kAvx512 };
// Those that this machine has, the widest last.
std::vector<Width> widths();

struct ScorePlan {
  using Coefficients = std::array<float, limits::kFeatureDims>;
  struct Quadratic {
    Coefficients a{}, b{};
    float c = 0;
  };
  struct Linear {
    Coefficients b{};
    float c = 0;
  };
  struct Side {
    std::vector<Quadratic> coarse;  // log coarse - log overall, a mode each
    Coefficients fine_a{};
    std::vector<Linear> fine;  // empty where nearness does not count
    float fine_max = 0;        // no song's log fine density is above it
  };
  std::size_t dimensions = 0;
  Side liked, disliked;
  float near = 0, log_trust = 0;
  Width width = Width::kBaseline;
};

ScorePlan make_plan(const Preference& preference, const Gaussian& catalogue, std::size_t dimensions,
                    Width width = widths().back());

// kLanes songs from `first` on. Requires: first < table.size(). Lanes beyond the last song get
// what means nothing.
void score_neighbours(const ScorePlan& plan, const SoundTable& table, Song first,
                      std::span<Score, kLanes> out);
// At least their scores, by coarse parts alone.
void bound_neighbours(const ScorePlan& plan, const SoundTable& table, Song first,
                      std::span<Score, kLanes> out);
// Any songs; the same bits. Requires: 1 <= songs.size() <= kLanes.
void score_songs(const ScorePlan& plan, const SoundTable& table, std::span<const Song> songs,
                 std::span<Score, kLanes> out);

}  // namespace groove::scorer
