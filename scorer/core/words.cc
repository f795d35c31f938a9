#include "scorer/core/words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace groove::scorer {
namespace {

struct Words {
  std::string_view feature, low, high, less, more;
};
constexpr std::array<Words, 10> kWords = {{
    {"acousticness", "electric", "acoustic", "less acoustic", "more acoustic"},
    {"danceability", "flowing", "danceable", "less danceable", "more danceable"},
    {"energy", "calm", "energetic", "less energetic", "more energetic"},
    {"instrumentalness", "vocal", "instrumental", "more vocal", "more instrumental"},
    {"liveness", "studio-like", "live", "less live", "more live"},
    {"loudness", "quiet", "loud", "quieter", "louder"},
    {"speechiness", "tuneful", "wordy", "less wordy", "more wordy"},
    {"tempo", "slow", "fast", "slower", "faster"},
    {"valence", "sombre", "cheerful", "more sombre", "more cheerful"},
    {"duration_ms", "short", "long", "shorter", "longer"},
}};

const Words* find_words(std::string_view feature) {
  const auto at = std::ranges::find(kWords, feature, &Words::feature);
  return at == kWords.end() ? nullptr : &*at;
}

}  // namespace

std::optional<std::string> describe_feature(std::string_view feature, double deviations) {
  const Words* words = find_words(feature);
  if (words == nullptr || std::abs(deviations) < kAwayFromMiddle) return std::nullopt;
  const std::string word(deviations < 0 ? words->low : words->high);
  return std::abs(deviations) >= kVeryFarFromMiddle ? "very " + word : word;
}

std::optional<std::string> describe_change(std::string_view feature, bool up) {
  const Words* words = find_words(feature);
  if (words == nullptr) return std::nullopt;
  return std::string(up ? words->more : words->less);
}

}  // namespace groove::scorer
