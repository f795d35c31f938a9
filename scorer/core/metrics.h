// How good rankings are: measures over songs that were hidden from the one who ranked.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workers/base/vector.h"

namespace groove::scorer {

// The chance that a hidden song has a higher score than another (a tie counts half). 0.5 is a
// guess. O((hidden + others) log hidden). Requires: neither empty.
double auc(std::span<const double> hidden, std::span<const double> others);

// `places` are the places of the hidden songs in the ranking, 0 the first.
double recall(std::span<const std::size_t> places, std::size_t first);
// Discounted by log2(place + 2), against all hidden songs first (Järvelin & Kekäläinen 2002).
double ndcg(std::span<const std::size_t> places, std::size_t first);

// The mean distance of two songs of the list, in deviations of one feature: 0 all the same, about
// 1.4 for songs picked blindly. Requires: 1 <= dimensions. 0 for fewer than two songs.
double spread(std::span<const Vector> songs, std::size_t dimensions);

struct Estimate {
  double mean = 0, low = 0, high = 0;  // with the 95 % interval
};
// The mean over listeners and its percentile interval over 1,000 resamplings of the listeners
// (Efron 1979). All 0 for none.
Estimate bootstrap(std::span<const double> values, std::uint64_t seed);

struct Told {
  double confidence = 0;
  bool approved = false;
};
struct ReliabilityBin {
  double confidence = 0, approved = 0;  // means
  std::size_t songs = 0;
};
// Ten bins of equal width over 0 .. 1.
std::vector<ReliabilityBin> reliability(std::span<const Told> told);
// The mean of |confidence - approved| over the bins, each weighted by its songs (Naeini 2015).
double calibration_error(std::span<const ReliabilityBin> bins);

}  // namespace groove::scorer
