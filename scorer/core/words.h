// Features in plain words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace groove::scorer {

// "very acoustic", "slow": how a song sounds that lies `deviations` from the catalogue's middle.
// Nothing for a feature without words (key, mode) and for one near the middle.
std::optional<std::string> describe_feature(std::string_view feature, double deviations);

// "more acoustic", "slower": a change towards more (`up`) or less of the feature.
std::optional<std::string> describe_change(std::string_view feature, bool up);

// From here on a feature is away from the middle: a third of all songs are nearer to it.
inline constexpr double kAwayFromMiddle = 0.4;
inline constexpr double kVeryFarFromMiddle = 1.25;  // one song in ten, on each side

}  // namespace groove::scorer
