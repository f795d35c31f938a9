// From the power spectrum of the short frames: the level of mel bands, and how strongly new sound
// sets in.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "fetcher/core/sound/frames.h"
#include "fetcher/core/sound/lanes.h"

namespace groove::sound {

// Triangular filters over the bins of a power spectrum; neighbours cross at their middles.
class FilterBank {
 public:
  // One filter for each inner edge: from the edge before to the edge after. Edges in bins, rising.
  explicit FilterBank(std::span<const double> edges);

  std::size_t size() const { return filters_.size(); }
  // The weighted power of each filter. Requires: out.size() == size().
  void apply(std::span<const Lanes> power, std::span<Lanes> out) const;

 private:
  struct Filter {
    std::size_t first_bin, bins, first_weight;
  };
  std::vector<Filter> filters_;
  std::vector<float> weights_;
};

class BandLevels {
 public:
  BandLevels();

  // Appends `count` frames' bands and onset strengths to `frames`.
  void take(std::span<const Lanes> power, std::size_t count, Frames& frames);

 private:
  void add_levels(std::span<const Lanes> power, std::size_t count, Frames& frames);
  void add_onsets(std::span<const Lanes> power, std::size_t count, Frames& frames);

  FilterBank mel_, quarter_tones_;
  std::vector<Lanes> levels_;        // of the mel bands
  std::vector<Lanes> now_, before_;  // of the quarter tones, dB; before_: one frame earlier
  std::vector<float> last_;          // the last frame of the batch before
  std::vector<std::size_t> group_;   // the onset band of each quarter tone
  std::array<float, kOnsetBands> group_share_{};  // 1 / the quarter tones in it
};

}  // namespace groove::sound
