#include "scorer/recommend_command.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "groove/v1/state.pb.h"
#include "scorer/print.h"
#include "scorer/recommend.h"
#include "scorer/suggest.h"
#include "workers/catalog.h"
#include "workers/library.h"
#include "workers/model.h"

namespace groove::scorer {
namespace {

Result<std::shared_ptr<const Music>> open_music(const RecommendCommand& command) {
  auto catalog = Catalog::open(command.catalog);
  if (!catalog) return std::unexpected(catalog.error());
  auto model = Model::open(command.model, *catalog);
  if (!model) return std::unexpected(model.error());
  return std::make_shared<const Music>(Music{std::move(*catalog), std::move(*model)});
}

Status check_ids(const RecommendCommand& command, const Catalog& catalog) {
  std::string unknown;
  for (const auto* ids : {&command.like, &command.dislike})
    for (const std::string& id : *ids)
      if (!catalog.find(id)) unknown += "\n  " + explain_unknown(catalog, id);
  if (!unknown.empty()) return fail(Errc::kNotFound, "Not every song was found:" + unknown);
  for (const std::string& id : command.dislike)
    if (std::ranges::find(command.like, id) != command.like.end())
      return fail(Errc::kInvalid, id + " cannot be both liked and disliked.");
  return {};
}

v1::ScorerState to_state(const RecommendCommand& command) {
  v1::ScorerState out;
  v1::TasteMode& mode = *out.add_modes();
  for (const std::string& id : command.like) mode.add_songs()->set_song_id(id);
  for (const std::string& id : command.dislike) {
    v1::JudgedSong& judged = *out.add_judged();
    judged.set_song_id(id);
    judged.set_verdict(v1::VERDICT_DISAPPROVED);
  }
  out.mutable_wishes()->set_adventurousness(command.adventurousness);
  out.mutable_wishes()->set_no_explicit(command.no_explicit);
  return out;
}

}  // namespace

Result<std::string> recommend(const RecommendCommand& command) {
  auto music = open_music(command);
  if (!music) return std::unexpected(music.error());
  if (const Status known = check_ids(command, (*music)->catalog); !known)
    return std::unexpected(known.error());
  const auto batch = Recommender(std::move(*music)).recommend(to_state(command), command.count);
  if (!batch) return std::unexpected(batch.error());
  return command.json ? to_json(*batch) : to_text(*batch);
}

}  // namespace groove::scorer
