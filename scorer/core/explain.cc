#include "scorer/core/explain.h"

#include <algorithm>
#include <array>
#include <utility>

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

Explainer::Explainer(const SoundTable& table, Opinions opinions, const Preference& preference,
                     std::span<const std::string> features, std::optional<Ranked> next)
    : table_(table),
      opinions_(std::move(opinions)),
      preference_(preference),
      features_(features),
      next_(next),
      liked_(opinions_.liked.sorted()) {}

Reasons Explainer::explain(const Ranked& ranked) {
  const Vector vector = table_.vector(ranked.song);
  const std::vector<NearSong> near = nearest(vector);
  const auto found =
      std::ranges::find_if(near, [&](const NearSong& n) { return matters(n.song, ranked); });
  Reasons out{.near = found == near.end() ? std::nullopt : std::optional(*found),
              .features = agreements(vector),
              .turn = {}};
  out.turn = turn(ranked, out, near);
  return out;
}

// The kNearTried nearest, the nearest first; ties: the lower song.
std::vector<NearSong> Explainer::nearest(const Vector& vector) const {
  std::vector<NearSong> near;
  near.reserve(liked_.size());
  for (const TasteSong& liked : liked_)
    near.push_back({liked.song, similarity(vector, liked.vector, table_.dimensions())});
  const auto tried = near.begin() + static_cast<std::ptrdiff_t>(std::min(kNearTried, near.size()));
  std::partial_sort(near.begin(), tried, near.end(), [](const NearSong& a, const NearSong& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.song < b.song;
  });
  near.erase(tried, near.end());
  return near;
}

bool Explainer::matters(Song liked, const Ranked& ranked) {
  if (liked_.size() == 1) return true;  // without it there is no taste
  return without(liked).of(std::array{ranked.song})[0] < ranked.score;
}

const Ranking& Explainer::without(Song liked) {
  auto at = without_.find(liked);
  if (at != without_.end()) return at->second;
  const TasteSong song = *opinions_.liked.find(liked);
  opinions_.liked.remove(liked);
  at = without_.try_emplace(liked, table_, make_preference(opinions_, table_)).first;
  opinions_.liked.add(song);  // restores the very bits
  return at->second;
}

const Ranking* Explainer::against(Song liked) {
  if (liked_.size() == 1) return nullptr;
  auto at = against_.find(liked);
  if (at != against_.end()) return &at->second;
  const TasteSong song = *opinions_.liked.find(liked);
  disapprove(opinions_, song);
  at = against_.try_emplace(liked, table_, make_preference(opinions_, table_)).first;
  approve(opinions_, song);
  return &at->second;
}

const Ranking& Explainer::ignoring(std::size_t dimension) {
  const auto at = ignoring_.find(dimension);
  if (at != ignoring_.end()) return at->second;
  Preference other = preference_;
  other.weights[dimension] = 0;
  return ignoring_.try_emplace(dimension, table_, other).first->second;
}

bool Explainer::falls_behind(const Ranked& ranked, const Ranking& ranking) const {
  const std::vector<Score> scores = ranking.of(std::array{ranked.song, next_->song});
  return scores[0] < scores[1];
}

std::optional<Turn> Explainer::turn(const Ranked& ranked, const Reasons& reasons,
                                    std::span<const NearSong> near) {
  if (!next_ || ranked.score <= next_->score) return std::nullopt;
  for (const NearSong& n : near)
    if (const Ranking* ranking = against(n.song); ranking && falls_behind(ranked, *ranking))
      return Turn{.disapproved = n, .behind = next_->song};
  for (const FeatureAgreement& f : reasons.features)
    if (preference_.weights[f.dimension] > 0 && falls_behind(ranked, ignoring(f.dimension)))
      return Turn{.disapproved = {}, .dimension = f.dimension, .behind = next_->song};
  return std::nullopt;
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
