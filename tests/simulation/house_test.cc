// T0: the hand-off's real code under schedules nobody would think of. Each failure prints the seed
// and the least number of faults that brings it about; GROOVE_SEED=n runs one, GROOVE_SCHEDULES=n
// how many (default 3,000).
#include "tests/simulation/house.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace groove::simulation {
namespace {

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class HouseTest : public ::testing::Test {
 protected:
  // A single seed is run to be understood: then the workers' own log shows what happened.
  void SetUp() override {
    spdlog::set_level(std::getenv("GROOVE_SEED") ? spdlog::level::debug : spdlog::level::off);
  }

  // Different houses, from one seed.
  static Plan plan(std::uint64_t seed) {
    Dice dice(seed * 7919);
    Plan plan;
    plan.seed = seed;
    plan.listeners = 1 + dice.below(2);
    plan.events = 1 + dice.below(4);
    plan.workers = 1 + dice.below(2);
    plan.faulty_turns = 100 + dice.below(500);
    plan.gateways = 1 + dice.below(2);
    // Of several gateways, one that has not lost anything may give a lost number away first.
    if (plan.gateways == 1 && dice.chance(500)) plan.rollback_permille = 10;
    if (plan.rollback_permille == 0 && dice.chance(300)) {
      plan.power_cut_permille = 5;
      plan.kill_permille = 5;  // four deaths over one sound entry shall not come together by chance
    }
    return plan;
  }

  // No faults, everybody registered: what comes late here was lost and had to be found by a pull.
  static Plan calm(std::uint64_t seed) {
    Plan calm = plan(seed);
    calm.workers = 2;
    calm.faulty_turns = 0;
    calm.poison_permille = 0;
    return calm;
  }
  static std::int64_t slowest(std::uint64_t seeds, bool in_turn) {
    std::int64_t slowest = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      Plan each = calm(seed);
      each.push_in_turn = in_turn;
      slowest = std::max(slowest, run(each).took_us);
    }
    return slowest;
  }

  // The first seed in which the mutant is caught, 0 when none is.
  template <class Mutate>
  static std::uint64_t caught(std::uint64_t seeds, Mutate mutate) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      Plan mutated = plan(seed);
      mutate(mutated);
      if (!run(mutated).violations.empty()) return seed;
    }
    return 0;
  }
};

TEST_F(HouseTest, WhateverIsKilledLostDoubledOrChangedEachEventHasOneEffectInOrder) {
  const std::uint64_t first = number("GROOVE_SEED", 1);
  const std::uint64_t count = std::getenv("GROOVE_SEED") ? 1 : number("GROOVE_SCHEDULES", 3'000);
  std::size_t faults = 0, accepted = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Outcome outcome = run(plan(seed));
    faults += outcome.faults;
    accepted += outcome.accepted;
    if (outcome.violations.empty()) continue;
    const Plan least = shrink(plan(seed));
    FAIL() << describe(plan(seed), outcome) << "\nleast: " << describe(least, run(least));
  }
  EXPECT_GT(faults, count * 3) << "the schedules were too calm to show anything";
  RecordProperty("schedules", static_cast<int>(count));
  RecordProperty("faults", static_cast<int>(faults));
  RecordProperty("accepted", static_cast<int>(accepted));
}

TEST_F(HouseTest, TheSameSeedGivesTheSameSchedule) {
  const Outcome first = run(plan(5)), second = run(plan(5));
  EXPECT_EQ(first.faults, second.faults);
  EXPECT_EQ(first.violations, second.violations);
}

TEST_F(HouseTest, AScriptThatDoesNotCompareTheEntryIsCaught) {
  EXPECT_NE(caught(3'000, [](Plan& p) { p.mutant.no_identity_check = true; }), 0u);
}

TEST_F(HouseTest, AScriptThatForgetsEventIdsIsCaught) {
  EXPECT_NE(caught(500, [](Plan& p) { p.mutant.no_dedupe = true; }), 0u);
}

TEST_F(HouseTest, AScriptThatLeavesItsEntryIsCaught) {
  EXPECT_NE(caught(500, [](Plan& p) { p.mutant.remove_nothing = true; }), 0u);
}

TEST_F(HouseTest, ALedgerThatCommitsBeforeItsDiskHasSyncedIsCaught) {
  EXPECT_NE(caught(3'000, [](Plan& p) { p.ledger_removes_first = true; }), 0u);
}

TEST_F(HouseTest, AScriptThatDoesNotAskForTheVersionIsCaughtWhenTheStoreLosesItsLastMoments) {
  EXPECT_NE(caught(20'000, [](Plan& p) { p.mutant.no_version_check = true; }), 0u);
}

TEST_F(HouseTest, GatewaysThatDoNotSayAgainWhatTheStoreLostAreCaught) {
  EXPECT_NE(caught(500, [](Plan& p) { p.say_nothing_again = true; }), 0u);
}

TEST_F(HouseTest, AStoreThatAnswersBeforeItsDiskHasSyncedIsCaughtWhenThePowerGoes) {
  EXPECT_NE(caught(500,
                   [](Plan& p) {
                     p.power_cut_permille = 5;
                     p.sync_everysec = true;
                   }),
            0u);
}

TEST_F(HouseTest, FramesThatGoToWorkersInTurnAreCaughtByTheTimeTheyTake) {
  EXPECT_LT(slowest(50, false), 100'000) << "us";
  EXPECT_GT(slowest(50, true), 100'000) << "us";
}

TEST_F(HouseTest, AHouseThatNeverPullsIsCaught) {
  EXPECT_NE(caught(200, [](Plan& p) { p.no_pull = true; }), 0u);
}

}  // namespace
}  // namespace groove::simulation
