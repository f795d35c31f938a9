#include "scorer/core/explain.h"

#include <algorithm>
#include <array>

#include "scorer/core/words.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kNearTried = 3;
constexpr std::size_t kFeaturesNamed = 3;
// The taste itself must lean that way, if less than the song: a quarter of a deviation.
constexpr double kTasteLeans = 0.25;

}  // namespace

double similarity(const Vector& a, const Vector& b, std::size_t dimensions) {
  std::int64_t squared = 0;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::int64_t away = a[d] - b[d];
    squared += away * away;
  }
  const double unit = double{kVectorScale} * kVectorScale * static_cast<double>(dimensions);
  return 1 / (1 + static_cast<double>(squared) / unit);
}

Explainer::Explainer(const SoundTable& table, const Opinions& opinions,
                     const Preference& preference, std::span<const std::string> features)
    : table_(table), opinions_(opinions), preference_(preference), features_(features) {}

Reasons Explainer::explain(const Ranked& ranked) {
  const Vector vector = table_.vector(ranked.song);
  return {nearest_that_matters(ranked, vector), agreements(vector)};
}

std::optional<NearSong> Explainer::nearest_that_matters(const Ranked& ranked,
                                                        const Vector& vector) {
  std::vector<NearSong> near;
  for (const Taste::Member& liked : preference_.liked.songs)
    near.push_back({liked.song, similarity(vector, liked.vector, table_.dimensions())});
  const auto tried = near.begin() + static_cast<std::ptrdiff_t>(std::min(kNearTried, near.size()));
  std::partial_sort(near.begin(), tried, near.end(), [](const NearSong& a, const NearSong& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.song < b.song;
  });
  const auto found =
      std::find_if(near.begin(), tried, [&](const NearSong& n) { return matters(n.song, ranked); });
  return found == tried ? std::nullopt : std::optional(*found);
}

bool Explainer::matters(Song liked, const Ranked& ranked) {
  if (preference_.liked.songs.size() == 1) return true;  // without it there is no taste
  auto at = without_.find(liked);
  if (at == without_.end()) {
    const Preference preference = make_preference(without(opinions_, liked), table_);
    at = without_.try_emplace(liked, table_, preference).first;
  }
  return at->second.of(std::array{ranked.song})[0] < ranked.score;
}

std::vector<FeatureAgreement> Explainer::agreements(const Vector& vector) const {
  const Taste& taste = preference_.liked;
  const Taste::Mode& mode = taste.modes[likeliest_mode(taste, vector, table_.dimensions())];
  const Gaussian& overall = table_.overall();
  std::vector<FeatureAgreement> out;
  for (std::size_t d = 0; d < table_.dimensions(); ++d) {
    const double away = static_cast<double>(vector[d]) / kVectorScale;
    const double leans = away < 0 ? -mode.normal.mean[d] : mode.normal.mean[d];
    const auto phrase = describe_feature(features_[d], away);
    if (!phrase || leans < kTasteLeans) continue;
    const double evidence = (1 - preference_.near) * preference_.weights[d] *
                            (log_normal(vector[d], mode.normal.mean[d], mode.normal.variance[d]) -
                             log_normal(vector[d], overall.mean[d], overall.variance[d]));
    if (evidence > 0) out.push_back({d, *phrase, evidence});
  }
  std::ranges::stable_sort(out, std::greater{}, &FeatureAgreement::evidence);
  if (out.size() > kFeaturesNamed) out.resize(kFeaturesNamed);
  return out;
}

}  // namespace groove::scorer
