#include "workers/base/ids.h"

#include <gtest/gtest.h>

#include <array>

#include "workers/base/sha256.h"

namespace groove {
namespace {

TEST(IdsTest, AnEventIdSurvivesItsText) {
  EventId event;
  for (std::size_t i = 0; i < 16; ++i) event.bytes[i] = static_cast<std::uint8_t>(17 * i);
  EXPECT_EQ(to_string(event), "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(parse_event_id(to_string(event)), event);
  EXPECT_EQ(parse_event_id("00112233-4455-6677-8899-AABBCCDDEEFF"), event);
}

TEST(IdsTest, WhatIsNotAnIdIsRefused) {
  EXPECT_FALSE(parse_event_id(""));
  EXPECT_FALSE(parse_event_id("00112233445566778899aabbccddeeff"));
  EXPECT_FALSE(parse_event_id("00112233-4455-6677-8899-aabbccddeefg"));
  EXPECT_FALSE(parse_event_id("00112233-4455-6677-8899-aabbccddeeff0"));
  EXPECT_FALSE(parse_listener_id("0123456789abcde"));
  EXPECT_FALSE(parse_digest("00"));
  EXPECT_FALSE(event_id_from_bytes("fifteen bytes.."));
}

TEST(IdsTest, ListenersSpreadOverAllPartitions) {
  std::array<int, kPartitionCount> count{};
  for (std::uint64_t i = 0; i < 25'600; ++i) ++count[partition_of(ListenerId{i})];
  for (const int n : count) {
    EXPECT_GT(n, 50);
    EXPECT_LT(n, 150);
  }
}

TEST(Sha256Test, KnownAnswersOfFips180) {
  EXPECT_EQ(to_string(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_string(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, PiecesGiveTheSameAsTheWholeAndFinishStartsAfresh) {
  Sha256 hasher;
  EXPECT_EQ(hasher.update("a").update("").update("bc").finish(), sha256("abc"));
  EXPECT_EQ(hasher.update("abc").finish(), sha256("abc"));
}

}  // namespace
}  // namespace groove
