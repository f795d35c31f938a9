#include "workers/kept_events.h"

#include <gtest/gtest.h>

#include "workers/base/limits.h"

namespace groove {
namespace {

using namespace std::chrono_literals;

class KeptEventsTest : public ::testing::Test {
 protected:
  static KeptEvent event(std::uint64_t listener, std::uint64_t sequence, char id = 'a') {
    return {ListenerId{listener}, sequence, Stage::kScore, std::string(16, id).append("fact")};
  }
  void record(const KeptEvent& e) {
    kept_.recorded(e.listener, e.sequence, std::string_view(e.message).substr(0, 16));
  }
  static std::vector<std::uint64_t> numbers(const std::vector<KeptEvent>& events) {
    std::vector<std::uint64_t> all;
    for (const KeptEvent& e : events) all.push_back(e.sequence);
    return all;
  }

  KeptEvents kept_;
  KeptEvents::Moment start_ = KeptEvents::Moment() + 1h;
};

TEST_F(KeptEventsTest, ANewLinkHearsEachListenersEventsInOrder) {
  for (const std::uint64_t n : {3, 1, 2}) kept_.keep(event(7, n), start_);
  EXPECT_EQ(numbers(kept_.all()), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(KeptEventsTest, WhatIsRecordedIsKeptUntilRedisCanNoLongerHaveLostIt) {
  kept_.keep(event(7, 1), start_);
  record(event(7, 1));
  EXPECT_EQ(kept_.forget(start_ + limits::kAcceptedKeptFor - 1ms), 0u);
  EXPECT_EQ(kept_.size(), 1u);
  EXPECT_EQ(kept_.forget(start_ + limits::kAcceptedKeptFor), 0u);
  EXPECT_EQ(kept_.size(), 0u);
}

TEST_F(KeptEventsTest, WhatIsNotRecordedIsKeptHoweverOld) {
  kept_.keep(event(7, 1), start_);
  for (int hour = 1; hour < 5; ++hour) EXPECT_EQ(kept_.forget(start_ + hour * 1h), 0u);
  EXPECT_EQ(kept_.size(), 1u);
}

TEST_F(KeptEventsTest, WhatIsOverdueIsSaidAgainMoreAndMoreSeldom) {
  kept_.keep(event(7, 1), start_);
  int said = 0;
  bool in_turn = true;
  for (auto now = start_; now < start_ + 120s; now += 100ms)
    for (const KeptEvent& due : kept_.overdue(now)) {
      ++said;
      in_turn = due.in_turn;
    }
  EXPECT_GE(said, 5);
  EXPECT_LE(said, 10);
  EXPECT_FALSE(in_turn) << "who was to say the earlier ones again is dead; this one must not wait";
}

TEST_F(KeptEventsTest, WhatWasRecordedAndLostIsAwaitedAnew) {
  kept_.keep(event(7, 1), start_);
  record(event(7, 1));
  EXPECT_TRUE(kept_.overdue(start_ + 5s).empty());
  kept_.keep(event(7, 1), start_ + 6s);  // a new link had lost it: it was accepted again
  EXPECT_EQ(kept_.overdue(start_ + 8s).size(), 1u);
}

TEST_F(KeptEventsTest, WhatIsOverdueComesInOrder) {
  kept_.keep(event(7, 2), start_);
  kept_.keep(event(7, 1), start_ + 10ms);
  EXPECT_EQ(numbers(kept_.overdue(start_ + 2s)), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(KeptEventsTest, ANumberThatWasGivenTwiceKeepsBothEvents) {
  kept_.keep(event(7, 1, 'a'), start_);
  kept_.keep(event(7, 1, 'b'), start_);
  record(event(7, 1, 'a'));
  EXPECT_EQ(kept_.all().size(), 2u);
  EXPECT_EQ(kept_.overdue(start_ + 2s).size(), 1u) << "the other one is still under way";
}

TEST_F(KeptEventsTest, BeyondItsBoundTheOldestGoAndAreCounted) {
  for (std::uint64_t n = 1; n <= limits::kAcceptedKeptMax + 3; ++n) kept_.keep(event(n, 1), start_);
  EXPECT_EQ(kept_.forget(start_), 3u);
  EXPECT_EQ(kept_.size(), limits::kAcceptedKeptMax);
}

}  // namespace
}  // namespace groove
