// A map that keeps neighbours: songs that sound alike lie together, which no plane through sixteen
// dimensions can do.
//
// Up to kLandmarks songs, evenly sampled, are laid out by t-SNE (van der Maaten & Hinton, JMLR
// 2008), beginning with where a plane has them: attraction between near neighbours in sound,
// repulsion between all. Widths are the distance to the fifteenth neighbour instead of a search
// for a perplexity. Every other song, and any new one, lies between the landmarks it is nearest to,
// so nothing has to be laid out again for it.
//
// Only + - * / and exact_exp, in a fixed order: the same bits on every machine and for any number
// of threads. About a second and a half for the landmarks, 4 microseconds a song.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "clusterer/core/projection.h"
#include "workers/base/vector.h"

namespace groove::clusterer {

inline constexpr std::size_t kLandmarks = 1000;

using Place = std::array<std::uint16_t, 2>;

class NeighbourMap {
 public:
  // Requires: songs not empty.
  NeighbourMap(std::span<const Vector> songs, const Projection& start, unsigned threads);

  Place place(const Vector& song) const;

 private:
  using Point = std::array<double, 2>;

  void lay_out(const Projection& start, unsigned threads);
  void find_range();

  std::vector<Vector> landmarks_;
  std::vector<std::int32_t> squares_;
  std::vector<Point> at_;
  Point low_{}, width_{};
};

// How well places keep neighbours (Venna & Kaski, "Neighborhood preservation in nonlinear
// projection methods", 2001), each from 0 to 1. Trustworthiness: what is near on the map is near in
// sound. Continuity: what is near in sound is near on the map.
struct MapQuality {
  double trustworthiness = 0, continuity = 0;
};

// Of an even sample of at most 1,000 songs and 12 neighbours each. O(sample^2 log sample).
// Requires: the same size, not empty. Fewer than 38 songs count as kept.
MapQuality map_quality(std::span<const Vector> songs, std::span<const Place> places,
                       unsigned threads);

}  // namespace groove::clusterer
