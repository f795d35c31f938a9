// What sounds between two moments: chroma and bass chroma, averaged over any span of the song in
// constant time. Amplitudes count by their square root, so that one loud voice does not hide a
// chord.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fetcher/core/sound/frames.h"

namespace groove::sound {

class Harmony {
 public:
  // 12 pitch classes of what sounds, then 12 of what the bass plays.
  using Mix = std::array<double, 2 * kPitches>;
  enum class Part { kChords = 0, kBass = kPitches };

  explicit Harmony(const Frames& frames);

  // The mean over [from, to) seconds; at least one pitch frame; zeros beyond the song's end.
  Mix between(double from, double to) const;
  // How much the harmony of the 0.37 s after a moment differs from that before it: 0 (the same)
  // to 1 (nothing in common), relative to the song's root mean square of it.
  double flux(double seconds) const;
  // The same for each pitch frame.
  const std::vector<float>& flux_curve() const { return flux_; }

  // 1 - the cosine of two mixes' angle, of one part.
  static double distance(const Mix& a, const Mix& b, Part part);

 private:
  std::vector<Mix> sums_;  // sums_[i]: of the first i pitch frames
  std::vector<float> flux_;
};

}  // namespace groove::sound
