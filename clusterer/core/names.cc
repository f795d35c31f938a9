#include "clusterer/core/names.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "workers/base/check.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kWords = 3;
constexpr int kNamedFrom = kVectorScale * 2 / 5;
constexpr std::string_view kMiddle = "middle of the road";

struct Words {
  std::string_view feature, low, high;
};
constexpr std::array<Words, 10> kWordsByFeature = {{
    {"acousticness", "electric", "acoustic"},
    {"danceability", "flowing", "danceable"},
    {"energy", "calm", "energetic"},
    {"instrumentalness", "vocal", "instrumental"},
    {"liveness", "studio", "live"},
    {"loudness", "quiet", "loud"},
    {"speechiness", "tuneful", "wordy"},
    {"tempo", "slow", "fast"},
    {"valence", "sombre", "cheerful"},
    {"duration_ms", "short", "long"},
}};

struct Trait {
  int strength = 0;
  std::string_view word;
};

// Strongest first.
std::vector<Trait> traits(const Vector& barycenter, std::span<const std::string> features) {
  std::vector<Trait> out;
  for (std::size_t d = 0; d < features.size(); ++d) {
    const auto words = std::ranges::find(kWordsByFeature, features[d], &Words::feature);
    if (words == kWordsByFeature.end() || barycenter[d] == 0) continue;
    out.push_back({std::abs(barycenter[d]), barycenter[d] < 0 ? words->low : words->high});
  }
  std::ranges::stable_sort(out, std::greater{}, &Trait::strength);
  return out;
}

using WordSet = std::set<std::string_view>;

std::string join(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) (out += out.empty() ? "" : ", ") += word;
  return out;
}

// The first name, growing word by word, whose words nobody has taken.
std::string first_free_name(const std::vector<Trait>& traits, std::set<WordSet>& taken) {
  std::vector<std::string_view> words;
  std::size_t used = 0;
  while (used < traits.size() && used < kWords && traits[used].strength >= kNamedFrom)
    words.push_back(traits[used++].word);
  if (words.empty()) words.push_back(kMiddle);
  while (!taken.emplace(words.begin(), words.end()).second) {
    if (used == traits.size()) return {};
    words.push_back(traits[used++].word);
  }
  return join(words);
}

}  // namespace

std::vector<std::string> name_clusters(std::span<const Vector> barycenters,
                                       std::span<const std::string> features) {
  GROOVE_CHECK(features.size() <= limits::kFeatureDims);
  std::set<WordSet> taken;
  std::vector<std::string> names;
  std::size_t nameless = 1;
  for (const Vector& barycenter : barycenters) {
    std::string name = first_free_name(traits(barycenter, features), taken);
    if (name.empty()) name = std::string(kMiddle) + " " + std::to_string(++nameless);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace groove::clusterer
