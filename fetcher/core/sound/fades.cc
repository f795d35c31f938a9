#include "fetcher/core/sound/fades.h"

#include <algorithm>
#include <cmath>

#include "fetcher/core/sound/loudness.h"

namespace groove::sound {
namespace {

constexpr double kIn = 10, kOut = 5;  // LU below the song's loudness

// The loudness of the stretches around one, in LUFS.
double around(const Frames& frames, std::size_t stretch, double seconds) {
  const auto half = static_cast<std::size_t>(seconds * kEnergyRate / 2);
  const std::size_t first = stretch < half ? 0 : stretch - half;
  const std::size_t last = std::min(frames.energy.size(), stretch + half + 1);
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += frames.energy[i];
  return loudness_db(sum / static_cast<double>(last - first));
}

}  // namespace

Fades find_fades(const Frames& frames, double loudness) {
  Fades fades{0, frames.duration};
  const std::size_t count = frames.energy.size();
  if (loudness <= kSilenceDb) return fades;
  std::size_t first = 0;
  while (first < count && around(frames, first, 0.05) < loudness - kIn) ++first;
  if (first < count) fades.end_of_fade_in = static_cast<double>(first) / kEnergyRate;
  constexpr auto kStep = static_cast<std::size_t>(kEnergyRate / 10);
  std::size_t last = count;
  while (last > first + kStep && around(frames, last - 1, 1) < loudness - kOut) last -= kStep;
  fades.start_of_fade_out = std::min(frames.duration, static_cast<double>(last) / kEnergyRate);
  return fades;
}

}  // namespace groove::sound
