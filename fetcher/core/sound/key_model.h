// The profiles of find_key(), written by tests/bench/rhythm/learn.py: how much each degree above
// the tonic (0 is the tonic, 7 the fifth) speaks for the key, in minor [0] and major [1].
#pragma once

#include <array>

#include "fetcher/core/sound/key.h"

namespace groove::sound {

extern const std::array<std::array<std::array<float, kPitches>, kKeyChromas>, 2> kKeyProfiles;
extern const float kMajorOffset;  // how much commoner major is, in log odds

}  // namespace groove::sound
