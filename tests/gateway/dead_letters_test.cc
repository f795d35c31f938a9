#include "gateway/dead_letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <sstream>

#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/handoff.h"
#include "workers/redis.h"

namespace groove::gateway {
namespace {

using testing::HasSubstr;

constexpr ListenerId kAda{42};

class DeadLettersTest : public ::testing::Test {
 protected:
  // An event that was accepted for the scorer and buried there.
  void bury(std::uint8_t n, const std::string& why) {
    EventId event;
    event.bytes[0] = n;
    const std::string text = handoff::message(event, "fact " + std::to_string(n));
    const auto accepted =
        handoff::accepted(redis_.roundtrip(handoff::accept(kAda, Stage::kScore, text)), kAda, text);
    redis_.roundtrip(handoff::dead(*accepted->entry, why, handoff::message(event, "refused")));
  }
  std::vector<handoff::Entry> at_the_scorer() {
    return *handoff::pulled(redis_.roundtrip(handoff::pull(partition_of(kAda), Stage::kScore, 100)),
                            Stage::kScore);
  }
  std::string listed() {
    std::ostringstream out;
    EXPECT_TRUE(list_dead_letters(redis_, out));
    return out.str();
  }
  std::string name_of_first() {
    const std::string lines = listed();
    return lines.substr(0, lines.find(' '));
  }

  test::TempDir folder_;
  test::RedisServer server_{folder_.path()};
  boost::asio::io_context io_;
  Redis redis_{io_, *RedisAddress::parse(server_.address())};
};

TEST_F(DeadLettersTest, AreListedWithWhereAndWhy) {
  EXPECT_EQ(listed(), "");
  bury(1, "it broke");
  EXPECT_THAT(listed(), HasSubstr("died at score: it broke"));
}

TEST_F(DeadLettersTest, OneSentAgainIsANewEventAndLeavesTheList) {
  bury(1, "it broke");
  bury(2, "so did this");
  EXPECT_EQ(*send_again(redis_, name_of_first()), 1u);
  ASSERT_EQ(at_the_scorer().size(), 1u);
  EXPECT_EQ(at_the_scorer()[0].fact(), "fact 1");
  EXPECT_EQ(at_the_scorer()[0].sequence, 3u);
  EXPECT_THAT(listed(), HasSubstr("so did this"));
}

TEST_F(DeadLettersTest, ALetterSentTwiceIsOneEvent) {
  bury(1, "it broke");
  const auto letters = *handoff::dead_letters(
      redis_.roundtrip(handoff::read_dead_letters(partition_of(kAda))), partition_of(kAda));
  EXPECT_EQ(*send_again(redis_, "all"), 1u);
  // As if it had been interrupted before the letter was taken off the list.
  const handoff::Entry again = handoff::revived(letters[0]);
  EXPECT_TRUE(handoff::accepted(redis_.roundtrip(handoff::accept(kAda, again.stage, again.message)),
                                kAda, again.message)
                  ->repeated);
  EXPECT_EQ(at_the_scorer().size(), 1u);
}

TEST_F(DeadLettersTest, AnUnknownNameIsAnErrorAndAllOfNothingIsNot) {
  EXPECT_EQ(send_again(redis_, "1/2-3").error().code, Errc::kNotFound);
  EXPECT_EQ(*send_again(redis_, "all"), 0u);
}

}  // namespace
}  // namespace groove::gateway
