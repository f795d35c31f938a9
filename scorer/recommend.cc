#include "scorer/recommend.h"

#include <algorithm>
#include <set>
#include <utility>

#include "scorer/convert.h"
#include "scorer/core/confidence.h"
#include "scorer/core/diversity.h"
#include "scorer/core/explain.h"
#include "scorer/core/feedback.h"
#include "scorer/core/preference.h"
#include "scorer/core/score.h"

namespace groove::scorer {
namespace {

// How far to look at first: past what must be avoided, which lies near the top, with four songs for
// each place; a list that caps still leave open looks farther.
constexpr std::size_t kLookForPlace = 4;
constexpr std::size_t kLookGrowth = 8;

bool has_taste(const Opinions& opinions) {
  return !opinions.liked.empty() || !opinions.approved.empty();
}

std::vector<std::string> feature_names(const Catalog& catalog) {
  std::vector<std::string> out;
  for (const Feature& feature : catalog.space().features) out.push_back(feature.name);
  return out;
}

std::vector<Ranked> make_list(const v1::ScorerState& state, const ListRules& rules,
                              const Ranking& ranking, const Catalog& catalog,
                              const SongKeyTable& keys) {
  ListWalk list(rules);
  const std::vector<Song> avoided = to_avoided(state, catalog);
  for (const Song song : avoided) list.avoid(song, keys.of(song));
  std::size_t walked = 0;
  for (std::size_t look = kLookForPlace * rules.songs + avoided.size();
       !list.full() && walked < catalog.size(); look *= kLookGrowth) {
    const std::vector<Ranked> top = ranking.top(std::min(look, catalog.size()));
    for (; walked < top.size() && !list.full(); ++walked)
      list.offer(top[walked], keys.of(top[walked].song));
  }
  return list.taken();
}

}  // namespace

Recommender::Recommender(std::shared_ptr<const Music> music)
    : music_(std::move(music)),
      sounds_(to_sound_table(music_->model)),
      keys_(music_->catalog),
      features_(feature_names(music_->catalog)) {}

Result<v1::BatchScored> Recommender::recommend(const v1::ScorerState& state, std::size_t songs,
                                               const v1::ScorerState* before) const {
  const auto& [catalog, model] = *music_;
  const Opinions opinions = to_opinions(state, catalog, model);
  if (!has_taste(opinions))
    return fail(Errc::kNotFound,
                "There is no song left that you like and the catalogue has, so there is nothing "
                "to go by. Pick or approve some songs.");
  const Preference preference = make_preference(opinions, sounds_);
  const Ranking ranking(sounds_, preference);
  const Calibration calibration = calibrate(
      to_outcomes(state), prior_calibration(opinions.liked.size() + opinions.approved.size()));
  Explainer explainer(sounds_, opinions, preference, features_);
  std::set<std::string_view> on_page;
  for (const v1::ShownSong& shown : state.current()) on_page.insert(shown.song_id());

  v1::BatchScored out;
  const ListRules rules{.songs = songs, .no_explicit = state.wishes().no_explicit()};
  for (const Ranked& ranked : make_list(state, rules, ranking, catalog, keys_)) {
    v1::Recommendation& r = *out.add_recommendations();
    r = to_message(ranked, explainer.explain(ranked), confidence(calibration, ranked.score),
                   opinions, catalog, model);
    r.set_is_new(!on_page.contains(r.song_id()));
  }
  out.set_catalog_digest(std::string(as_bytes(catalog.digest())));
  out.set_model_digest(std::string(as_bytes(model.digest())));
  out.set_confidence_basis(calibration.verdicts == 0 ? v1::CONFIDENCE_BASIS_PRIOR
                                                     : v1::CONFIDENCE_BASIS_VERDICTS);
  out.set_verdict_count(static_cast<std::uint32_t>(calibration.verdicts));
  add_liked(opinions, catalog, out);
  *out.mutable_missing() = state.missing();
  *out.mutable_wishes() = state.wishes();
  if (before == nullptr) return out;
  const Opinions earlier = to_opinions(*before, catalog, model);
  if (!has_taste(earlier)) return out;
  for (std::string& phrase : learned(make_preference(earlier, sounds_), preference, features_))
    out.add_learned(std::move(phrase));
  return out;
}

}  // namespace groove::scorer
