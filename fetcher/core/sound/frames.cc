#include "fetcher/core/sound/frames.h"

#include <algorithm>
#include <cmath>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

template <class Value>
std::vector<Value> cut(const std::vector<Value>& all, std::size_t first, std::size_t last) {
  const auto at = [&](std::size_t i) {
    return all.begin() + static_cast<std::ptrdiff_t>(std::min(i, all.size()));
  };
  return {at(first), at(last)};
}

}  // namespace

std::array<float, kPitches> Frames::chroma(std::size_t pitch_frame) const {
  const HalfFloat* fine = fine_chroma.data() + pitch_frame * kFineChroma;
  // A song tuned t semitones high has its C at 3 t fine bands; between two bands both count.
  const double shift = 3 * tuning;
  const int whole = static_cast<int>(std::floor(shift));
  const auto share = static_cast<float>(shift - whole);
  const auto at = [&](int band) {
    constexpr int kCircle = kFineChroma;
    const int low = ((band + whole) % kCircle + kCircle) % kCircle;
    return (1 - share) * fine[low].value() + share * fine[(low + 1) % kCircle].value();
  };
  std::array<float, kPitches> out{};
  for (int pitch = 0; pitch < kPitches; ++pitch)
    out[pitch] = at(3 * pitch - 1) + at(3 * pitch) + at(3 * pitch + 1);
  return out;
}

std::array<float, kPitches> Frames::bass_of(std::size_t pitch_frame) const {
  std::array<float, kPitches> out{};
  for (std::size_t pitch = 0; pitch < kPitches; ++pitch)
    out[pitch] = bass[pitch_frame * kPitches + pitch].value();
  return out;
}

Frames Frames::part(std::size_t first, std::size_t last) const {
  GROOVE_CHECK(first < last && last <= pitch_count());
  constexpr std::size_t kShort = kPitchHop / kFrameHop, kEnergies = kPitchHop / kEnergyHop;
  Frames out;
  const double from = static_cast<double>(first) / kPitchRate;
  out.duration =
      last == pitch_count() ? duration - from : static_cast<double>(last - first) / kPitchRate;
  for (std::size_t band = 0; band < kOnsetBands; ++band)
    out.onset[band] = cut(onset[band], kShort * first, kShort * last);
  out.bands = cut(bands, kShort * first * kBands, kShort * last * kBands);
  out.fine_chroma = cut(fine_chroma, first * kFineChroma, last * kFineChroma);
  out.bass = cut(bass, first * kPitches, last * kPitches);
  out.tonal = cut(tonal, first, last);
  out.tuning = tuning;
  out.energy = cut(energy, kEnergies * first, kEnergies * last);
  const auto tenth = [](std::size_t i) {
    return static_cast<std::size_t>(static_cast<double>(i) / kPitchRate * 10);
  };
  out.tenth_energy = cut(tenth_energy, tenth(first), tenth(last));
  out.side_share = side_share;
  return out;
}

}  // namespace groove::sound
