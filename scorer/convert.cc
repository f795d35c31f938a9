#include "scorer/convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "workers/base/check.h"

namespace groove::scorer {
namespace {

std::int32_t to_milli(Score score) {
  return static_cast<std::int32_t>(std::int64_t{score} * 1000 / static_cast<int>(kScoreScale));
}

Score from_milli(std::int32_t milli) {
  const std::int64_t score = std::int64_t{milli} * static_cast<int>(kScoreScale) / 1000;
  return static_cast<Score>(std::clamp<std::int64_t>(score, INT32_MIN, INT32_MAX));
}

constexpr std::uint32_t kYearMax = 9999;

std::uint32_t permille(double share) { return static_cast<std::uint32_t>(share * 1000 + 0.5); }

TasteSong to_taste_song(Song song, const Model& model) {
  TasteSong out{.song = song};
  std::ranges::copy(model.vector(song), out.vector.begin());
  return out;
}

// A weight that was left out is a whole song.
std::uint32_t to_weight(std::uint32_t weight) {
  return weight == 0 ? kFullWeight : std::min(weight, kFullWeight);
}

// Features that the catalogue's space does not have count for nothing; the last of a name wins.
Weights to_weights(const v1::Wishes& wishes, const FeatureSpace& space) {
  Weights out = even_weights();
  for (const v1::FeatureWeight& w : wishes.feature_weights())
    if (const auto d = space.find(w.feature())) out[*d] = w.percent() / 100.0;
  return out;
}

Judgements to_judgements(const v1::ScorerState& state) {
  Judgements out;
  for (const v1::JudgedSong& j : state.judged()) {
    const bool approved = j.verdict() == v1::VERDICT_APPROVED;
    out.push_back(
        {.song_id = j.song_id(), .opinion = approved ? Opinion::kApproved : Opinion::kDisapproved});
    if (j.was_shown()) out.back().shown_score_milli = j.score_milli();
  }
  return out;
}

void set_judged(const Judgements& judgements, v1::ScorerState& state) {
  state.clear_judged();
  for (const Judgement& j : judgements) {
    v1::JudgedSong& out = *state.add_judged();
    out.set_song_id(j.song_id);
    out.set_verdict(j.opinion == Opinion::kApproved ? v1::VERDICT_APPROVED
                                                    : v1::VERDICT_DISAPPROVED);
    out.set_was_shown(j.shown_score_milli.has_value());
    out.set_score_milli(j.shown_score_milli.value_or(0));
  }
}

std::optional<std::int32_t> shown_score(const v1::ScorerState& state, const Judgements& judgements,
                                        const std::string& song_id) {
  for (const v1::ShownSong& shown : state.current())
    if (shown.song_id() == song_id) return shown.score_milli();
  const auto before = std::ranges::find(judgements, song_id, &Judgement::song_id);
  return before == judgements.end() ? std::nullopt : before->shown_score_milli;
}

void add_reason(const NearSong& near, const Catalog& catalog, v1::Recommendation& out) {
  v1::NearLikedSong& reason = *out.add_because()->mutable_near_liked_song();
  reason.set_song_id(std::string(catalog.id(near.song)));
  reason.set_title(std::string(catalog.title(near.song)));
  for (const std::string_view artist : catalog.artists(near.song))
    reason.add_artists(std::string(artist));
  reason.set_similarity_permille(permille(near.similarity));
}

void add_reason(const FeatureAgreement& feature, const Catalog& catalog, v1::Recommendation& out) {
  v1::FeatureAgrees& reason = *out.add_because()->mutable_feature_agrees();
  reason.set_feature(catalog.space().features[feature.dimension].name);
  reason.set_phrase(feature.phrase);
  reason.set_evidence_milli(static_cast<std::int32_t>(feature.evidence * 1000 + 0.5));
}

// Said only where it is a reason: a song of the listener's is in the cluster too.
void add_cluster(std::uint32_t cluster, const Opinions& opinions, const Model& model,
                 v1::Recommendation& out) {
  std::uint32_t liked = 0;
  for (const auto* songs : {&opinions.liked, &opinions.approved})
    for (const TasteSong& s : *songs) liked += model.cluster(s.song) == cluster ? 1 : 0;
  if (liked == 0) return;
  v1::InCluster& reason = *out.add_because()->mutable_in_cluster();
  reason.set_cluster(cluster);
  reason.set_name(model.message().clusters(static_cast<int>(cluster)).name());
  reason.set_liked_songs(liked);
}

}  // namespace

SoundTable to_sound_table(const Model& model) {
  std::vector<Vector> vectors(model.size());
  std::vector<std::int32_t> backgrounds(model.size());
  for (SongIndex s = 0; s < model.size(); ++s) {
    std::ranges::copy(model.vector(s), vectors[s].begin());
    backgrounds[s] = model.background(s);
  }
  return {vectors, backgrounds, static_cast<std::size_t>(model.message().features_size())};
}

Opinions to_opinions(const v1::ScorerState& state, const Catalog& catalog, const Model& model) {
  Opinions out;
  out.adventurousness = state.wishes().adventurousness();
  out.weights = to_weights(state.wishes(), catalog.space());
  std::map<Song, v1::Verdict> verdicts;
  for (const v1::JudgedSong& j : state.judged()) {
    const auto song = catalog.find(j.song_id());
    if (!song) continue;
    verdicts[*song] = j.verdict();
    if (j.verdict() == v1::VERDICT_DISAPPROVED)
      out.disapproved.push_back(to_taste_song(*song, model));
  }
  std::set<Song> liked;
  for (int mode = 0; mode < state.modes_size(); ++mode)
    for (const v1::LikedSong& s : state.modes(mode).songs()) {
      const auto song = catalog.find(s.song_id());
      if (!song || !liked.insert(*song).second) continue;
      const auto verdict = verdicts.find(*song);
      const bool judged = verdict != verdicts.end();
      if (judged && verdict->second == v1::VERDICT_DISAPPROVED) continue;
      out.liked.push_back(to_taste_song(*song, model));
      out.liked.back().weight = judged ? kFullWeight : to_weight(s.weight());
      out.liked.back().mode = static_cast<std::uint32_t>(mode);
    }
  for (const auto& [song, verdict] : verdicts)
    if (verdict == v1::VERDICT_APPROVED && !liked.contains(song))
      out.approved.push_back(to_taste_song(song, model));
  return out;
}

ListRules to_rules(const v1::Wishes& wishes, std::size_t songs) {
  return {.songs = songs,
          .no_explicit = wishes.no_explicit(),
          .year_from = static_cast<int>(std::min(wishes.year_from(), kYearMax)),
          .year_to = static_cast<int>(std::min(wishes.year_to(), kYearMax))};
}

std::vector<Outcome> to_outcomes(const v1::ScorerState& state) {
  std::vector<Outcome> out;
  for (const v1::JudgedSong& j : state.judged())
    if (j.was_shown())
      out.push_back({from_milli(j.score_milli()), j.verdict() == v1::VERDICT_APPROVED});
  return out;
}

std::vector<Song> to_avoided(const v1::ScorerState& state, const Catalog& catalog) {
  std::vector<Song> out;
  const auto add = [&](const std::string& id) {
    if (const auto song = catalog.find(id)) out.push_back(*song);
  };
  for (const v1::TasteMode& mode : state.modes())
    for (const v1::LikedSong& s : mode.songs()) add(s.song_id());
  for (const v1::JudgedSong& j : state.judged()) add(j.song_id());
  for (const v1::ShownBatch& batch : state.shown())
    for (const std::string& id : batch.song_ids()) add(id);
  return out;
}

void apply(const v1::FeedbackGiven& feedback, v1::ScorerState& state) {
  Judgements judgements = to_judgements(state);
  for (const v1::SongVerdict& v : feedback.verdicts()) {
    const std::string& id = v.song_id();
    if (id.empty() || id.size() > limits::kSongIdBytesMax) continue;
    if (v.verdict() == v1::VERDICT_CLEARED) clear(judgements, id);
    const bool approved = v.verdict() == v1::VERDICT_APPROVED;
    if (!approved && v.verdict() != v1::VERDICT_DISAPPROVED) continue;
    judge(judgements,
          {.song_id = id,
           .opinion = approved ? Opinion::kApproved : Opinion::kDisapproved,
           .shown_score_milli = shown_score(state, judgements, id)},
          limits::kVerdictsKeptMax);
  }
  set_judged(judgements, state);
}

void apply(const v1::TasteClustered& taste, v1::ScorerState& state) {
  *state.mutable_modes() = taste.modes();
  *state.mutable_wishes() = taste.basis().wishes();
  *state.mutable_missing() = taste.missing();
  if (state.current().empty()) return;
  v1::ShownBatch& left = *state.add_shown();
  for (const v1::ShownSong& s : state.current()) left.add_song_ids(s.song_id());
  state.clear_current();
  const int surplus = state.shown_size() - static_cast<int>(limits::kShownBatchesKept);
  if (surplus > 0) state.mutable_shown()->DeleteSubrange(0, surplus);
}

void apply(const v1::BatchScored& batch, v1::ScorerState& state) {
  state.clear_current();
  for (const v1::Recommendation& r : batch.recommendations()) {
    v1::ShownSong& shown = *state.add_current();
    shown.set_song_id(r.song_id());
    shown.set_score_milli(r.score_milli());
  }
}

void add_liked(const Opinions& opinions, const Catalog& catalog, v1::BatchScored& out) {
  std::map<Song, std::uint32_t> weights;
  for (const auto* songs : {&opinions.liked, &opinions.approved})
    for (const TasteSong& s : *songs) weights[s.song] = s.weight;
  for (const auto& [song, weight] : weights) {
    v1::LikedSong& liked = *out.add_liked();
    liked.set_song_id(std::string(catalog.id(song)));
    liked.set_weight(weight);
  }
}

v1::Recommendation to_message(const Ranked& ranked, const Reasons& reasons, double confidence,
                              const Opinions& liked, const Catalog& catalog, const Model& model) {
  const Song song = ranked.song;
  v1::Recommendation out;
  out.set_song_id(std::string(catalog.id(song)));
  out.set_title(std::string(catalog.title(song)));
  for (const std::string_view artist : catalog.artists(song)) out.add_artists(std::string(artist));
  out.set_album(std::string(catalog.album(song)));
  out.set_year(catalog.year(song));
  out.set_duration_ms(catalog.duration_ms(song));
  out.set_explicit_lyrics(catalog.explicit_lyrics(song));
  out.set_score_milli(to_milli(ranked.score));
  out.set_confidence_permille(permille(confidence));
  out.set_cluster(model.cluster(song));
  if (reasons.near) add_reason(*reasons.near, catalog, out);
  for (const FeatureAgreement& feature : reasons.features) add_reason(feature, catalog, out);
  add_cluster(model.cluster(song), liked, model, out);
  return out;
}

}  // namespace groove::scorer
