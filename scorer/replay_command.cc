#include "scorer/replay_command.h"

#include "scorer/scorer.h"
#include "workers/library.h"
#include "workers/places.h"

namespace groove::scorer {
namespace {

ListenerId listener_of(const v1::Event& fact) {
  return {fact.has_feedback_given() ? fact.feedback_given().listener()
                                    : fact.taste_clustered().listener()};
}

}  // namespace

Result<std::string> replay(const ReplayCommand& command, const std::string& input) {
  v1::RecordedInput recorded;
  const auto event = parse_event_id(command.event);
  if (!recorded.ParseFromString(input) || !event)
    return fail(Errc::kInvalid, "that is not the recorded input of a batch");
  Library library(Places{.data = command.data, .run = {}, .redis = {}});
  Scorer scorer(library);
  if (!scorer.wants(recorded.fact().fact_case()))
    return fail(Errc::kInvalid, "the recorded input is not one that the scorer works on");
  const auto effect = scorer.handle({.listener = listener_of(recorded.fact()),
                                     .sequence = command.sequence,
                                     .event = *event,
                                     .fact = recorded.fact(),
                                     .state = recorded.state_before()});
  if (!effect) return std::unexpected(effect.error());
  v1::Event out;
  if (!out.ParseFromString(effect->output))
    return fail(Errc::kCorrupt, "the scorer's own output cannot be read");
  out.mutable_batch_scored()->clear_recorded_input();
  return out.batch_scored().SerializeAsString();
}

}  // namespace groove::scorer
