#include "scorer/convert.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
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
    if (j.was_shown()) out.back().shown = {j.score_milli(), j.verdicts_before()};
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
    out.set_was_shown(j.shown.has_value());
    if (!j.shown) continue;
    out.set_score_milli(j.shown->score_milli);
    out.set_verdicts_before(j.shown->verdicts_before);
  }
}

std::optional<Judgement::Shown> how_shown(const v1::ScorerState& state,
                                          const Judgements& judgements,
                                          const std::string& song_id) {
  for (const v1::ShownSong& shown : state.current())
    if (shown.song_id() == song_id)
      return Judgement::Shown{shown.score_milli(), state.current_verdicts()};
  const auto before = std::ranges::find(judgements, song_id, &Judgement::song_id);
  return before == judgements.end() ? std::nullopt : before->shown;
}

void set_near(const NearSong& near, const Catalog& catalog, v1::NearLikedSong& reason) {
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

void set_turn(const Turn& turn, const Catalog& catalog, v1::WouldChange& out) {
  if (turn.disapproved)
    set_near(*turn.disapproved, catalog, *out.mutable_disapproved());
  else
    out.set_feature_ignored(catalog.space().features[turn.dimension].name);
  out.set_behind_song_id(std::string(catalog.id(turn.behind)));
  out.set_behind_title(std::string(catalog.title(turn.behind)));
}

// Said only where it is a reason: a song of the listener's is in the cluster too.
void add_cluster(std::uint32_t cluster, const LikedInCluster& liked, const Model& model,
                 v1::Recommendation& out) {
  const auto at = liked.find(cluster);
  if (at == liked.end()) return;
  v1::InCluster& reason = *out.add_because()->mutable_in_cluster();
  reason.set_cluster(cluster);
  reason.set_name(model.message().clusters(static_cast<int>(cluster)).name());
  reason.set_liked_songs(at->second);
}

using SongsByPlace = std::map<Song, TasteSong>;

std::vector<TasteSong> in_order(const SongsByPlace& songs) {
  std::vector<TasteSong> out;
  for (const auto& [song, liked] : songs) out.push_back(liked);
  return out;
}

// The songs of the basis with their modes.
SongsByPlace to_basis(const v1::ScorerState& state, const Catalog& catalog, const Model& model) {
  SongsByPlace out;
  for (int mode = 0; mode < state.modes_size(); ++mode)
    for (const v1::LikedSong& s : state.modes(mode).songs()) {
      const auto song = catalog.find(s.song_id());
      if (!song) continue;
      TasteSong liked = to_taste_song(*song, model);
      liked.weight = to_weight(s.weight());
      liked.mode = static_cast<std::uint32_t>(mode);
      out.emplace(*song, liked);
    }
  return out;
}

// Which mode of the basis an approved song joins.
class ModeFinder {
 public:
  ModeFinder(const SongsByPlace& basis, const SoundTable& sounds)
      : basis_(basis), dimensions_(sounds.dimensions()) {
    if (!basis.empty())
      taste_ = make_taste(TasteSongs(in_order(basis)), sounds.overall(), dimensions_);
  }
  std::uint32_t mode_of(const TasteSong& song) const {
    const auto liked = basis_.find(song.song);
    if (liked != basis_.end()) return liked->second.mode;
    return taste_ ? taste_->modes[likeliest_mode(*taste_, song.vector, dimensions_)].id : 0;
  }

 private:
  const SongsByPlace& basis_;
  std::size_t dimensions_;
  std::optional<Taste> taste_;
};

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

Opinions to_opinions(const v1::ScorerState& state, const Catalog& catalog, const Model& model,
                     const SoundTable& sounds) {
  const SongsByPlace basis = to_basis(state, catalog, model);
  const ModeFinder modes(basis, sounds);
  SongsByPlace liked = basis, disapproved;
  std::size_t verdicts = 0;
  for (const v1::JudgedSong& j : state.judged()) {
    const auto found = catalog.find(j.song_id());
    if (!found) continue;
    TasteSong song = to_taste_song(*found, model);
    const bool approved = j.verdict() == v1::VERDICT_APPROVED;
    ++verdicts;
    liked.erase(*found);
    disapproved.erase(*found);
    if (approved) song.mode = modes.mode_of(song);
    (approved ? liked : disapproved).emplace(*found, song);
  }
  return {.liked = TasteSongs(in_order(liked)),
          .disapproved = TasteSongs(in_order(disapproved)),
          .weights = to_weights(state.wishes(), catalog.space()),
          .verdicts = verdicts,
          .adventurousness = state.wishes().adventurousness()};
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
      out.push_back({.score = from_milli(j.score_milli()),
                     .approved = j.verdict() == v1::VERDICT_APPROVED,
                     .standing = j.verdicts_before()});
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
           .shown = how_shown(state, judgements, id)},
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
  state.set_current_verdicts(static_cast<std::uint32_t>(state.judged_size()));
  for (const v1::Recommendation& r : batch.recommendations()) {
    v1::ShownSong& shown = *state.add_current();
    shown.set_song_id(r.song_id());
    shown.set_score_milli(r.score_milli());
  }
}

void add_liked(const Opinions& opinions, const Catalog& catalog, v1::BatchScored& out) {
  for (const TasteSong& s : opinions.liked.sorted()) {
    v1::LikedSong& liked = *out.add_liked();
    liked.set_song_id(std::string(catalog.id(s.song)));
    liked.set_weight(s.weight);
  }
}

LikedInCluster count_by_cluster(const Opinions& opinions, const Model& model) {
  LikedInCluster out;
  for (const TasteSong& s : opinions.liked.sorted()) ++out[model.cluster(s.song)];
  return out;
}

v1::Recommendation to_message(const Ranked& ranked, const Reasons& reasons, double confidence,
                              const LikedInCluster& liked, const Music& music) {
  const auto& [catalog, model] = music;
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
  if (reasons.near) set_near(*reasons.near, catalog, *out.add_because()->mutable_near_liked_song());
  for (const FeatureAgreement& feature : reasons.features) add_reason(feature, catalog, out);
  add_cluster(model.cluster(song), liked, model, out);
  if (reasons.turn) set_turn(*reasons.turn, catalog, *out.mutable_would_change());
  return out;
}

}  // namespace groove::scorer
