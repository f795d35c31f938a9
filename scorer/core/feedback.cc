#include "scorer/core/feedback.h"

#include <algorithm>
#include <cmath>

#include "scorer/core/words.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kLearnedMax = 3;

double lean(const Preference& preference, std::size_t dimension) {
  const double liked = preference.liked.whole.mean[dimension];
  if (preference.disliked.modes.empty()) return liked;
  const double trust = trust_in(preference.disliked);
  return liked + kDislike * trust * (liked - preference.disliked.whole.mean[dimension]);
}

}  // namespace

void judge(Judgements& judgements, Judgement judgement, std::size_t kept_max) {
  clear(judgements, judgement.song_id);
  judgements.push_back(std::move(judgement));
  if (judgements.size() > kept_max)
    judgements.erase(judgements.begin(), judgements.end() - static_cast<std::ptrdiff_t>(kept_max));
}

void clear(Judgements& judgements, std::string_view song_id) {
  std::erase_if(judgements, [&](const Judgement& j) { return j.song_id == song_id; });
}

std::vector<std::string> learned(const Preference& before, const Preference& after,
                                 std::span<const std::string> features) {
  struct Change {
    double size;
    std::string phrase;
  };
  std::vector<Change> changes;
  for (std::size_t d = 0; d < features.size(); ++d) {
    const double shift = lean(after, d) - lean(before, d);
    const auto phrase = describe_change(features[d], shift > 0);
    if (phrase && std::abs(shift) > kLearnedFrom) changes.push_back({std::abs(shift), *phrase});
  }
  std::ranges::stable_sort(changes, std::greater{}, &Change::size);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < changes.size() && i < kLearnedMax; ++i)
    out.push_back(changes[i].phrase);
  return out;
}

}  // namespace groove::scorer
