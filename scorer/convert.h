// Between what travels and is kept (groove.v1) and what the core computes with; nobody else in this
// folder knows both.
//
// Songs are kept by id and looked up in the catalogue in use each time: ids that it does not have
// drop out, so a new catalogue or model can never make a stored state wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "scorer/core/confidence.h"
#include "scorer/core/diversity.h"
#include "scorer/core/explain.h"
#include "scorer/core/feedback.h"
#include "scorer/core/preference.h"
#include "scorer/core/sound_table.h"
#include "workers/catalog.h"
#include "workers/library.h"
#include "workers/model.h"

namespace groove::scorer {

SoundTable to_sound_table(const Model& model);

// Liked songs of the basis without the disapproved ones, and the verdicts that stand. Modes are of
// the basis as it was chosen, whatever was said since: an approved song joins the one that finds it
// likeliest.
Opinions to_opinions(const v1::ScorerState& state, const Catalog& catalog, const Model& model,
                     const SoundTable& sounds);
// What a list of `songs` may have.
ListRules to_rules(const v1::Wishes& wishes, std::size_t songs);
// The verdicts on songs that were shown with a score.
std::vector<Outcome> to_outcomes(const v1::ScorerState& state);
// Songs that a list must not have: liked, judged, or in a batch left behind.
std::vector<Song> to_avoided(const v1::ScorerState& state, const Catalog& catalog);

// Enters the verdicts into the state's book. A song's score is the one on the page now; if it has
// left the page, the one it was judged with before.
void apply(const v1::FeedbackGiven& feedback, v1::ScorerState& state);
// Begins a new basis: the verdicts stay, the batch on the page is left behind.
void apply(const v1::TasteClustered& taste, v1::ScorerState& state);
// Puts a batch on the page.
void apply(const v1::BatchScored& batch, v1::ScorerState& state);

// The songs a batch stands on, by id.
void add_liked(const Opinions& opinions, const Catalog& catalog, v1::BatchScored& out);
// How many of the songs that a batch stands on are in each cluster.
using LikedInCluster = std::map<std::uint32_t, std::uint32_t>;
LikedInCluster count_by_cluster(const Opinions& opinions, const Model& model);

v1::Recommendation to_message(const Ranked& ranked, const Reasons& reasons, double confidence,
                              const LikedInCluster& liked, const Music& music);

}  // namespace groove::scorer
