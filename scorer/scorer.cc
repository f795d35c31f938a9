#include "scorer/scorer.h"

#include <fmt/format.h>

#include <utility>

#include "scorer/convert.h"

namespace groove::scorer {
namespace {

Result<v1::ScorerState> read_state(std::string_view bytes) {
  v1::ScorerState out;
  if (!out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(Errc::kCorrupt,
                "What was kept of your taste cannot be read. Pick your songs anew.");
  return out;
}

Result<v1::BatchScored> after_feedback(const v1::FeedbackGiven& feedback,
                                       const Recommender& recommender, v1::ScorerState& state) {
  if (state.modes().empty())
    return fail(Errc::kInvalid,
                "There is no list to judge yet: pick some songs that you like first.");
  const v1::ScorerState before = state;
  apply(feedback, state);
  return recommender.recommend(state, limits::kBatchSongs, &before);
}

Result<v1::BatchScored> after_new_basis(const v1::TasteClustered& taste,
                                        const Recommender& recommender, v1::ScorerState& state) {
  apply(taste, state);
  return recommender.recommend(state);
}

// All that the batch is computed from, for the ledger: with it the batch can be computed anew.
std::string recorded_input(const Work& work) {
  v1::RecordedInput input;
  *input.mutable_fact() = work.fact;
  input.set_state_before(std::string(work.state));
  return input.SerializeAsString();
}

std::string describe(const v1::BatchScored& batch) {
  int fresh = 0;
  for (const v1::Recommendation& r : batch.recommendations()) fresh += r.is_new() ? 1 : 0;
  return fmt::format("{} songs, {} of them new", batch.recommendations_size(), fresh);
}

}  // namespace

bool Scorer::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kTasteClustered || fact == v1::Event::kFeedbackGiven;
}

Result<Effect> Scorer::handle(const Work& work) {
  const auto recommender = this->recommender();
  if (!recommender) return std::unexpected(recommender.error());
  const bool feedback = work.fact.has_feedback_given();
  auto state = read_state(work.state);
  if (!state && feedback) return std::unexpected(state.error());
  if (!state) state = v1::ScorerState();  // a new basis heals a state that cannot be read

  auto batch = feedback ? after_feedback(work.fact.feedback_given(), **recommender, *state)
                        : after_new_basis(work.fact.taste_clustered(), **recommender, *state);
  if (!batch) return std::unexpected(batch.error());
  apply(*batch, *state);
  batch->set_recorded_input(recorded_input(work));
  batch->set_listener(work.listener.value);
  batch->set_sequence(work.sequence);
  batch->set_event_id(std::string(as_bytes(work.event)));
  batch->set_accepted_at_us(feedback ? work.fact.feedback_given().accepted_at_us()
                                     : work.fact.taste_clustered().accepted_at_us());
  Effect out{.state = state->SerializeAsString(), .output = {}, .detail = describe(*batch)};
  v1::Event event;
  *event.mutable_batch_scored() = std::move(*batch);
  out.output = event.SerializeAsString();
  return out;
}

void Scorer::tick() { static_cast<void>(recommender()); }

Result<std::shared_ptr<const Recommender>> Scorer::recommender() {
  auto music = library_.music();
  if (!music) return std::unexpected(music.error());
  if (recommender_ == nullptr || recommender_->music() != *music) {
    recommender_.reset();  // the old tables are let go before the new ones are made
    recommender_ = std::make_shared<const Recommender>(std::move(*music));
  }
  return recommender_;
}

}  // namespace groove::scorer
