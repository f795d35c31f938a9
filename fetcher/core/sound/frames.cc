#include "fetcher/core/sound/frames.h"

#include <cmath>

namespace groove::sound {

std::array<float, kPitches> Frames::chroma(std::size_t pitch_frame) const {
  const float* fine = fine_chroma.data() + pitch_frame * kFineChroma;
  // A song tuned t semitones high has its C at 3 t fine bands; between two bands both count.
  const double shift = 3 * tuning;
  const int whole = static_cast<int>(std::floor(shift));
  const auto share = static_cast<float>(shift - whole);
  const auto at = [&](int band) {
    constexpr int kCircle = kFineChroma;
    const int low = ((band + whole) % kCircle + kCircle) % kCircle;
    return (1 - share) * fine[low] + share * fine[(low + 1) % kCircle];
  };
  std::array<float, kPitches> out{};
  for (int pitch = 0; pitch < kPitches; ++pitch)
    out[pitch] = at(3 * pitch - 1) + at(3 * pitch) + at(3 * pitch + 1);
  return out;
}

}  // namespace groove::sound
