#include "scorer/scorer.h"

#include "groove/v1/state.pb.h"
#include "tests/scorer/music.h"

namespace groove::scorer {
namespace {

using test::id_of;
using test::ids;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class ScorerTest : public testing::Test {
 protected:
  test::SmallMusic small_;
  Library library_{small_.places()};
  Scorer scorer_{library_};
  std::map<std::uint64_t, std::string> states_;  // by listener
  std::uint64_t sequence_ = 0;
  std::string refusal_;

  // What the stage answers; the state it leaves is kept, as the worker would.
  std::optional<v1::BatchScored> send(const v1::Event& event, std::uint64_t listener) {
    EXPECT_TRUE(scorer_.wants(event.fact_case()));
    auto effect = scorer_.handle({.listener = {listener},
                                  .sequence = ++sequence_,
                                  .event = {{1, 2, 3}},
                                  .fact = event,
                                  .state = states_[listener]});
    if (!effect) {
      refusal_ = effect.error().message;
      return std::nullopt;
    }
    if (effect->state) states_[listener] = *effect->state;
    v1::Event out;
    EXPECT_TRUE(out.ParseFromString(effect->output));
    EXPECT_EQ(out.batch_scored().sequence(), sequence_);
    EXPECT_EQ(out.batch_scored().listener(), listener);
    return out.batch_scored();
  }

  std::optional<v1::BatchScored> like(const std::vector<Song>& songs, std::uint64_t listener = 1) {
    v1::Event event;
    v1::TasteMode& mode = *event.mutable_taste_clustered()->add_modes();
    for (const Song s : songs) mode.add_songs()->set_song_id(id_of(s));
    return send(event, listener);
  }
  std::optional<v1::BatchScored> judge(const std::vector<std::string>& songs, v1::Verdict verdict,
                                       std::uint64_t listener = 1) {
    v1::Event event;
    for (const std::string& id : songs) {
      v1::SongVerdict& v = *event.mutable_feedback_given()->add_verdicts();
      v.set_song_id(id);
      v.set_verdict(verdict);
    }
    event.mutable_feedback_given()->set_listener(listener);
    return send(event, listener);
  }
  v1::ScorerState state(std::uint64_t listener = 1) {
    v1::ScorerState out;
    out.ParseFromString(states_[listener]);
    return out;
  }
  // Without what names the event.
  static std::string content(v1::BatchScored batch) {
    batch.clear_sequence();
    batch.clear_recorded_input();
    for (auto& r : *batch.mutable_recommendations()) r.clear_is_new();
    return batch.SerializeAsString();
  }
};

TEST_F(ScorerTest, WorksOnTastesAndVerdictsAlone) {
  EXPECT_FALSE(scorer_.wants(v1::Event::kLoginAccepted));
  EXPECT_FALSE(scorer_.wants(v1::Event::kEventRefused));
}

TEST_F(ScorerTest, JudgedSongsLeaveAndTheNewOnesAreMarked) {
  const auto first = like({3, 14, 159});
  for (const auto& r : first->recommendations()) EXPECT_TRUE(r.is_new());
  const std::string approved = ids(*first)[0], disapproved = ids(*first)[1];
  ASSERT_TRUE(judge({approved}, v1::VERDICT_APPROVED));
  const auto third = judge({disapproved}, v1::VERDICT_DISAPPROVED);
  EXPECT_THAT(ids(*third), AllOf(Not(Contains(approved)), Not(Contains(disapproved))));
  int stayed = 0;
  for (const auto& r : third->recommendations()) stayed += r.is_new() ? 0 : 1;
  EXPECT_GT(stayed, 0) << "songs that were not judged may stay";
  EXPECT_LT(stayed, 20);
  EXPECT_EQ(third->confidence_basis(), v1::CONFIDENCE_BASIS_VERDICTS);
  EXPECT_EQ(third->verdict_count(), 2U);
}

TEST_F(ScorerTest, ClearingAVerdictRestoresTheVeryBytes) {
  const auto first = like({3, 14, 159});
  for (const v1::Verdict verdict : {v1::VERDICT_APPROVED, v1::VERDICT_DISAPPROVED}) {
    const auto judged = judge({ids(*first)[0], "song10222"}, verdict);
    EXPECT_NE(content(*judged), content(*first));
    auto cleared = judge({"song10222", ids(*first)[0]}, v1::VERDICT_CLEARED);
    EXPECT_FALSE(cleared->learned().empty()) << "taking back teaches the opposite";
    cleared->clear_learned();
    EXPECT_EQ(content(*cleared), content(*first));
    EXPECT_EQ(state().judged_size(), 0);
  }
}

TEST_F(ScorerTest, TheOrderOfVerdictsDoesNotMatter) {
  for (const std::uint64_t listener : {1, 2}) like({3, 14, 159}, listener);
  const std::string a = id_of(200), b = id_of(301), c = id_of(77);
  judge({a}, v1::VERDICT_APPROVED, 1);
  judge({b, c}, v1::VERDICT_DISAPPROVED, 1);
  const auto one = judge({}, v1::VERDICT_APPROVED, 1);
  judge({c}, v1::VERDICT_DISAPPROVED, 2);
  judge({a}, v1::VERDICT_APPROVED, 2);
  judge({b}, v1::VERDICT_DISAPPROVED, 2);
  auto other = judge({}, v1::VERDICT_APPROVED, 2);
  other->set_listener(1);
  EXPECT_EQ(content(*other), content(*one));
}

TEST_F(ScorerTest, SaysWhatAVerdictTaught) {
  like({3, 14, 159});
  EXPECT_FALSE(
      judge({id_of(small_.world.of_crowd(5, 1)[0])}, v1::VERDICT_APPROVED)->learned().empty());
  EXPECT_TRUE(judge({}, v1::VERDICT_APPROVED)->learned().empty());
}

TEST_F(ScorerTest, ANewBasisKeepsVerdictsAndLeavesTheOldBatchBehind) {
  const auto first = like({3, 14, 159});
  judge({id_of(200)}, v1::VERDICT_DISAPPROVED);
  const auto page = state().current();
  const auto second = like({3, 14, 159});
  EXPECT_EQ(state().judged_size(), 1);
  for (const v1::ShownSong& shown : page) EXPECT_THAT(ids(*second), Not(Contains(shown.song_id())));
  for (const auto& r : second->recommendations()) EXPECT_TRUE(r.is_new());
}

TEST_F(ScorerTest, RemembersTheLastFiveBatchesOnly) {
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(like({3, 14, 159}));
  EXPECT_EQ(state().shown_size(), 5);
  EXPECT_EQ(state().shown(4).song_ids_size(), 20);
}

TEST_F(ScorerTest, AVerdictOnASongThatLeftThePageKeepsTheScoreItWasShownWith) {
  const auto first = like({3, 14, 159});
  const std::string song = ids(*first)[0];
  const auto shown = first->recommendations(0).score_milli();
  judge({song}, v1::VERDICT_APPROVED);
  judge({song}, v1::VERDICT_DISAPPROVED);
  ASSERT_EQ(state().judged_size(), 1);
  EXPECT_TRUE(state().judged(0).was_shown());
  EXPECT_EQ(state().judged(0).score_milli(), shown);
  EXPECT_EQ(state().judged(0).verdict(), v1::VERDICT_DISAPPROVED);
}

TEST_F(ScorerTest, VerdictsBeforeAnyListAreRefusedInWords) {
  EXPECT_FALSE(judge({id_of(3)}, v1::VERDICT_APPROVED));
  EXPECT_THAT(refusal_, HasSubstr("pick some songs"));
}

TEST_F(ScorerTest, OverlongAndEmptyIdsAreNotKept) {
  like({3, 14, 159});
  ASSERT_TRUE(judge({"", std::string(65, 'x')}, v1::VERDICT_APPROVED));
  EXPECT_EQ(state().judged_size(), 0);
}

TEST_F(ScorerTest, AStateThatCannotBeReadIsSaidAndHealedByANewBasis) {
  states_[1] = "\xff\xff not a state";
  EXPECT_FALSE(judge({id_of(3)}, v1::VERDICT_APPROVED));
  EXPECT_THAT(refusal_, HasSubstr("Pick your songs anew"));
  EXPECT_TRUE(like({3, 14, 159}));
}

TEST_F(ScorerTest, WithoutMusicTheListenerIsToldWhatToDo) {
  std::filesystem::remove(small_.places().model());
  Library empty(small_.places());
  Scorer scorer(empty);
  v1::Event event;
  event.mutable_taste_clustered();
  const auto refused = scorer.handle({.listener = {1}, .sequence = 1, .fact = event});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("try again"));
}

// Only this listener enters: whatever others do in between, the bytes are the same.
TEST_F(ScorerTest, AnotherListenerCannotChangeAByte) {
  const std::string alone = content(*like({3, 14, 159}, 1));
  const auto after_feedback = judge({id_of(50)}, v1::VERDICT_APPROVED, 1);
  states_.clear();
  for (std::uint64_t other = 2; other < 12; ++other) {
    like({static_cast<Song>(other * 7), static_cast<Song>(other * 11)}, other);
    judge({id_of(static_cast<Song>(other)), id_of(50)}, v1::VERDICT_DISAPPROVED, other);
  }
  EXPECT_EQ(content(*like({3, 14, 159}, 1)), alone);
  judge({id_of(50)}, v1::VERDICT_DISAPPROVED, 2);
  EXPECT_EQ(content(*judge({id_of(50)}, v1::VERDICT_APPROVED, 1)), content(*after_feedback));
}

}  // namespace
}  // namespace groove::scorer
