#include "scorer/recommend.h"

#include <set>
#include <utility>

#include "scorer/convert.h"
#include "scorer/core/confidence.h"
#include "scorer/core/explain.h"
#include "scorer/core/feedback.h"
#include "scorer/core/preference.h"
#include "scorer/core/score.h"
#include "scorer/make_list.h"

namespace groove::scorer {
namespace {

std::vector<std::string> feature_names(const Catalog& catalog) {
  std::vector<std::string> out;
  for (const Feature& feature : catalog.space().features) out.push_back(feature.name);
  return out;
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
  const Opinions opinions = to_opinions(state, catalog, model, sounds_);
  if (opinions.liked.empty())
    return fail(Errc::kNotFound,
                "There is no song left that you like and the catalogue has, so there is nothing "
                "to go by. Pick or approve some songs.");
  const Preference preference = make_preference(opinions, sounds_);
  const Ranking ranking(sounds_, preference);
  const Calibration calibration =
      calibrate(to_outcomes(state), opinions.verdicts, prior_calibration(opinions.liked.size()));
  const SongList list = make_list({sounds_, keys_, preference, ranking}, to_avoided(state, catalog),
                                  to_rules(state.wishes(), songs));
  Explainer explainer(sounds_, opinions, preference, features_, list.next);
  const LikedInCluster in_cluster = count_by_cluster(opinions, model);
  std::set<std::string_view> on_page;
  for (const v1::ShownSong& shown : state.current()) on_page.insert(shown.song_id());

  v1::BatchScored out;
  for (const Ranked& ranked : list.songs) {
    v1::Recommendation& r = *out.add_recommendations();
    r = to_message(ranked, explainer.explain(ranked), confidence(calibration, ranked.score),
                   in_cluster, *music_);
    r.set_is_new(!on_page.contains(r.song_id()));
  }
  out.set_method(kMethod);
  out.set_catalog_digest(std::string(as_bytes(catalog.digest())));
  out.set_model_digest(std::string(as_bytes(model.digest())));
  out.set_confidence_basis(calibration.verdicts == 0 ? v1::CONFIDENCE_BASIS_PRIOR
                                                     : v1::CONFIDENCE_BASIS_VERDICTS);
  out.set_verdict_count(static_cast<std::uint32_t>(calibration.verdicts));
  add_liked(opinions, catalog, out);
  *out.mutable_missing() = state.missing();
  *out.mutable_wishes() = state.wishes();
  if (before == nullptr) return out;
  const Opinions earlier = to_opinions(*before, catalog, model, sounds_);
  if (earlier.liked.empty()) return out;
  for (std::string& phrase : learned(make_preference(earlier, sounds_), preference, features_))
    out.add_learned(std::move(phrase));
  return out;
}

}  // namespace groove::scorer
