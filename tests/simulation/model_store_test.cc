// The modelled store against a real Redis with the real scripts, on the same random traces of
// valid, stale, forged and repeated commands. Entry ids are the store's own, so they are compared
// by who they stand for.
#include "tests/simulation/model_store.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>

#include "tests/simulation/fibers.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/handoff.h"
#include "workers/redis.h"

namespace groove::simulation {
namespace {

using handoff::Entry;

class ModelStoreTest : public ::testing::Test {
 protected:
  // The same command on both; what a command needs of ids is said by a function of the id of that
  // side.
  struct Pair {
    Result<RedisReply> real, model;
  };
  // An entry as each side knows it.
  struct Both {
    Entry real, model;
  };

  Pair both(const RedisCommand& real, const RedisCommand& model) {
    return {redis_.roundtrip(real), model_.execute(model)};
  }

  void accept_some(Dice& dice) {
    const ListenerId listener{1 + dice.below(3)};
    EventId event;
    event.bytes = {static_cast<std::uint8_t>(dice.below(200)),
                   static_cast<std::uint8_t>(dice.below(3)),
                   static_cast<std::uint8_t>(listener.value)};
    const std::string text = handoff::message(event, "fact " + std::to_string(dice.below(5)));
    const Stage first = dice.chance(500) ? Stage::kFetch : Stage::kScore;
    const auto command =
        dice.chance(700)
            ? handoff::accept(listener, first, text)
            : handoff::accept_again(listener, first, text, 1 + dice.below(400), dice.chance(500));
    const Pair pair = both(command, command);
    const auto real = handoff::accepted(pair.real, listener, text),
               model = handoff::accepted(pair.model, listener, text);
    ASSERT_EQ(real.has_value(), model.has_value());
    if (!real) {
      EXPECT_EQ(real.error().code, model.error().code);
      return;
    }
    EXPECT_EQ(real->recorded, model->recorded);
    EXPECT_EQ(real->sequence, model->sequence);
    EXPECT_EQ(real->repeated, model->repeated);
    ASSERT_EQ(real->entry.has_value(), model->entry.has_value());
    if (!real->entry) return;
    EXPECT_EQ(real->entry->stage, model->entry->stage);
    known_.push_back({*real->entry, *model->entry});
  }

  void finish_some(Dice& dice) {
    if (known_.empty()) return;
    Both entry = known_[dice.below(known_.size())];
    disturb(dice, entry);
    const std::string output =
        handoff::message(entry.real.event(), "output " + std::to_string(dice.below(9)));
    const bool bury = dice.chance(150);
    const auto command = [&](const Entry& of) {
      return bury ? handoff::dead(of, "why", output)
                  : handoff::commit(
                        of,
                        dice_state_ % 2 ? std::optional<std::string_view>("state") : std::nullopt,
                        output);
    };
    ++dice_state_;
    const Pair pair = both(command(entry.real), command(entry.model));
    const auto real = handoff::committed(pair.real), model = handoff::committed(pair.model);
    ASSERT_TRUE(real && model);
    EXPECT_EQ(plain(real->outcome), plain(model->outcome));
    if (real->outcome != handoff::Outcome::kDone || !next(entry.real.stage)) return;
    const Stage onward = *next(entry.real.stage);
    known_.push_back(
        {{onward, real->next_id, entry.real.listener, entry.real.sequence, output},
         {onward, model->next_id, entry.model.listener, entry.model.sequence, output}});
  }

  // Often the claim is stale, of another listener, of another sequence, or of another payload.
  static void disturb(Dice& dice, Both& entry) {
    const std::uint64_t how = dice.below(10);
    for (Entry* side : {&entry.real, &entry.model}) {
      if (how == 0) side->listener = {side->listener.value % 3 + 1};
      if (how == 1) ++side->sequence;
      if (how == 2) side->message.back() ^= 1;
    }
  }

  // An id that means nothing in another listener's stream may by chance mean something there: ids
  // are times.
  static handoff::Outcome plain(handoff::Outcome outcome) {
    return outcome == handoff::Outcome::kForged ? handoff::Outcome::kGone : outcome;
  }

  void count_some(Dice& dice) {
    if (known_.empty()) return;
    const Both& entry = known_[dice.below(known_.size())];
    const auto attempt = both(handoff::attempt(entry.real), handoff::attempt(entry.model));
    EXPECT_EQ(*handoff::attempts(attempt.real), *handoff::attempts(attempt.model));
    const auto read = both(handoff::read_attempts(entry.real), handoff::read_attempts(entry.model));
    EXPECT_EQ(*handoff::attempts(read.real), *handoff::attempts(read.model));
  }

  void compare_all() {
    for (std::uint64_t n = 1; n <= 3; ++n) {
      for (const Stage stage : kStages) {
        const auto state = handoff::read_state({n}, stage);
        const auto real = *handoff::state(redis_.roundtrip(state)),
                   model = *handoff::state(model_.execute(state));
        EXPECT_EQ(real.version, model.version);
        EXPECT_EQ(real.state, model.state);
        const auto pull = handoff::pull(partition_of({n}), stage, 1000);
        const auto ours = *handoff::pulled(redis_.roundtrip(pull), stage),
                   theirs = *handoff::pulled(model_.execute(pull), stage);
        ASSERT_EQ(ours.size(), theirs.size());
        for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i].message, theirs[i].message);
      }
    }
  }

  test::TempDir folder_;
  test::RedisServer server_{folder_.path()};
  boost::asio::io_context io_;
  Redis redis_{io_, *RedisAddress::parse(server_.address())};
  std::int64_t now_ms_ = 1'700'000'000'000;
  ModelStore model_{[this] { return now_ms_; }};
  std::vector<Both> known_;
  std::uint64_t dice_state_ = 0;
};

TEST_F(ModelStoreTest, TheRealScriptsAnswerAsTheModelDoes) {
  Dice dice(20);
  for (int step = 0; step < 2'000 && !HasFatalFailure(); ++step) {
    const std::uint64_t what = dice.below(10);
    ++now_ms_;
    if (what < 3)
      accept_some(dice);
    else if (what < 9)
      finish_some(dice);
    else
      count_some(dice);
    if (step % 200 == 0) compare_all();
  }
  compare_all();
}

}  // namespace
}  // namespace groove::simulation
