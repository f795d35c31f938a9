#include "scorer/recommend_command.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "groove/v1/state.pb.h"
#include "scorer/core/preference.h"
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

// "energy=150". Nothing when it is not that.
std::optional<v1::FeatureWeight> read_weight(std::string_view text, const FeatureSpace& space) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || !space.find(text.substr(0, sign))) return std::nullopt;
  const std::string_view number = text.substr(sign + 1);
  std::uint32_t percent = 0;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), percent);
  if (error != std::errc() || end != number.end() || percent > kWeightMax * 100)
    return std::nullopt;
  v1::FeatureWeight out;
  out.set_feature(std::string(text.substr(0, sign)));
  out.set_percent(percent);
  return out;
}

Result<v1::Wishes> to_wishes(const RecommendCommand& command, const FeatureSpace& space) {
  if (command.year_to != 0 && command.year_from > command.year_to)
    return fail(Errc::kInvalid, "The first year must not be after the last.");
  v1::Wishes out;
  out.set_adventurousness(command.adventurousness);
  out.set_no_explicit(command.no_explicit);
  out.set_year_from(command.year_from);
  out.set_year_to(command.year_to);
  for (const std::string& text : command.weights) {
    auto weight = read_weight(text, space);
    if (!weight)
      return fail(Errc::kInvalid,
                  text + " is not a feature of this catalogue with 0 to 200 percent: energy=150.");
    *out.add_feature_weights() = std::move(*weight);
  }
  return out;
}

v1::ScorerState to_state(const RecommendCommand& command, v1::Wishes wishes) {
  v1::ScorerState out;
  v1::TasteMode& mode = *out.add_modes();
  for (const std::string& id : command.like) mode.add_songs()->set_song_id(id);
  for (const std::string& id : command.dislike) {
    v1::JudgedSong& judged = *out.add_judged();
    judged.set_song_id(id);
    judged.set_verdict(v1::VERDICT_DISAPPROVED);
  }
  out.mutable_wishes()->Swap(&wishes);
  return out;
}

}  // namespace

Result<std::string> recommend(const RecommendCommand& command) {
  auto music = open_music(command);
  if (!music) return std::unexpected(music.error());
  if (const Status known = check_ids(command, (*music)->catalog); !known)
    return std::unexpected(known.error());
  auto wishes = to_wishes(command, (*music)->catalog.space());
  if (!wishes) return std::unexpected(wishes.error());
  const auto batch = Recommender(std::move(*music))
                         .recommend(to_state(command, std::move(*wishes)), command.count);
  if (!batch) return std::unexpected(batch.error());
  return command.json ? to_json(*batch) : to_text(*batch);
}

}  // namespace groove::scorer
