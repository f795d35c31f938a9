#include "gateway/core/asks.h"

#include <gtest/gtest.h>

#include <optional>

#include "workers/base/limits.h"

namespace groove::gateway {
namespace {

std::string songs(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i)
    list += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\"";
  return R"({"basis":{"kind":"songs","songs":[)" + list + "]}}";
}

TEST(AsksTest, ARecommendationAskSaysEverything) {
  const auto ask = parse_recommendation_ask(
      R"({"event_id":"00112233-4455-6677-8899-aabbccddeeff",
          "basis":{"kind":"songs","songs":["b","a"]},
          "wishes":{"adventurousness":30,"no_explicit":true,"year_from":1960,"year_to":1979,
                    "feature_weights":{"energy":150,"key":0}}})");
  ASSERT_TRUE(ask.has_value()) << ask.error().message;
  EXPECT_EQ(to_string(*ask->event), "00112233-4455-6677-8899-aabbccddeeff");
  EXPECT_EQ(ask->basis.songs, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(ask->adventurousness, 30U);
  EXPECT_TRUE(ask->no_explicit);
  EXPECT_EQ(ask->year_from, 1960U);
  EXPECT_EQ(ask->year_to, 1979U);
  ASSERT_EQ(ask->feature_weights.size(), 2U);
  EXPECT_EQ(ask->feature_weights[0].feature, "energy");
  EXPECT_EQ(ask->feature_weights[0].percent, 150U);
  EXPECT_EQ(ask->feature_weights[1].percent, 0U);
}

TEST(AsksTest, WishesAndEventAreOptional) {
  const auto ask = parse_recommendation_ask(songs(1));
  ASSERT_TRUE(ask.has_value());
  EXPECT_FALSE(ask->event.has_value());
  EXPECT_EQ(ask->adventurousness, 0U);
  EXPECT_FALSE(ask->no_explicit);
}

TEST(AsksTest, ABasisIsOfOneKindAndHasWhatItNeeds) {
  const auto basis = [](const std::string& text) {
    const auto ask = parse_recommendation_ask(R"({"basis":)" + text + "}");
    return ask ? std::optional(ask->basis) : std::nullopt;
  };
  EXPECT_EQ(basis(R"({"kind":"library"})")->kind, BasisKind::kLibrary);
  EXPECT_EQ(basis(R"({"kind":"recent"})")->kind, BasisKind::kRecent);
  EXPECT_EQ(basis(R"({"kind":"folder","folder":"Music/Björk"})")->name, "Music/Björk");
  EXPECT_EQ(basis(R"({"kind":"playlist","playlist":"Music/x.m3u"})")->kind, BasisKind::kPlaylist);
  for (const char* wrong :
       {R"({"kind":"folder"})", R"({"kind":"folder","playlist":"x"})",
        R"({"kind":"folder","folder":""})", R"({"kind":"folder","folder":7})",
        R"({"kind":"library","songs":["a"]})", R"({"kind":"songs"})",
        R"({"kind":"songs","songs":["a"],"folder":"x"})", R"({"kind":"radio"})", R"({})", "7"})
    EXPECT_FALSE(basis(wrong)) << wrong;
}

TEST(AsksTest, OneToFiveHundredSongs) {
  EXPECT_FALSE(parse_recommendation_ask(songs(0)).has_value());
  EXPECT_TRUE(parse_recommendation_ask(songs(limits::kPickedSongsMax)).has_value());
  EXPECT_FALSE(parse_recommendation_ask(songs(limits::kPickedSongsMax + 1)).has_value());
}

TEST(AsksTest, WhatIsNotDescribedIsRefusedAndNamed) {
  const std::string long_id = "\"" + std::string(65, 'a') + "\"";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "object"},
      {"{}", "basis"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"user":"b"})", "user"},
      {R"({"basis":{"kind":"songs","songs":["a"],"x":1}})", "\"x\""},
      {R"({"basis":{"kind":"radio","songs":["a"]}})", "kind"},
      {R"({"basis":{"kind":"playlist","songs":["a"]}})", "playlist"},
      {R"({"basis":{"songs":["a"]}})", "kind"},
      {R"({"basis":{"kind":"songs","songs":"a"}})", "songs"},
      {R"({"basis":{"kind":"songs","songs":[1]}})", "id"},
      {R"({"basis":{"kind":"songs","songs":[""]}})", "id"},
      {R"({"basis":{"kind":"songs","songs":[)" + long_id + "]}}", "id"},
      {R"({"basis":{"kind":"songs","songs":["a","a"]}})", "twice"},
      {R"({"event_id":"1","basis":{"kind":"songs","songs":["a"]}})", "event_id"},
      {R"({"event_id":null,"basis":{"kind":"songs","songs":["a"]}})", "event_id"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"adventurousness":101}})", "0 to 100"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"adventurousness":1e999}})",
       "adventurousness"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"adventurousness":1.5}})", "0 to 100"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"no_explicit":1}})", "no_explicit"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"year_from":0}})", "1 to 9999"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"year_from":1980,"year_to":1979}})",
       "after"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"feature_weights":[1]}})",
       "feature_weights"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":{"feature_weights":{"energy":201}}})",
       "0 to 200"},
      {R"({"basis":{"kind":"songs","songs":["a"]},"wishes":null})", "wishes"}};
  for (const auto& [body, word] : cases) {
    const auto ask = parse_recommendation_ask(body);
    ASSERT_FALSE(ask.has_value()) << body;
    EXPECT_EQ(ask.error().code, Errc::kInvalid);
    EXPECT_NE(ask.error().message.find(word), std::string::npos)
        << body << " -> " << ask.error().message;
  }
}

TEST(AsksTest, FeedbackSaysWhatOfWhichSong) {
  const auto ask = parse_feedback_ask(
      R"({"verdicts":[{"id":"a","verdict":"approve"},{"id":"b","verdict":"disapprove"},
          {"verdict":"clear","id":"c"}]})");
  ASSERT_TRUE(ask.has_value()) << ask.error().message;
  ASSERT_EQ(ask->verdicts.size(), 3U);
  EXPECT_EQ(ask->verdicts[0].judgement, Judgement::kApprove);
  EXPECT_EQ(ask->verdicts[1].judgement, Judgement::kDisapprove);
  EXPECT_EQ(ask->verdicts[2].judgement, Judgement::kClear);
  EXPECT_EQ(ask->verdicts[2].id, "c");
}

TEST(AsksTest, FeedbackOutOfShapeIsRefused) {
  for (const char* body :
       {"{}", R"({"verdicts":[]})", R"({"verdicts":{}})", R"({"verdicts":[1]})",
        R"({"verdicts":[{"id":"a"}]})", R"({"verdicts":[{"verdict":"approve"}]})",
        R"({"verdicts":[{"id":"a","verdict":"love"}]})",
        R"({"verdicts":[{"id":"a","verdict":"approve","at":1}]})"})
    EXPECT_FALSE(parse_feedback_ask(body).has_value()) << body;
}

TEST(AsksTest, SignInTakesANameAndNothingElse) {
  EXPECT_EQ(parse_sign_in(R"({"name":"Ada"})")->name, "Ada");
  for (const char* body : {R"({})", R"({"name":1})", R"({"name":"a","admin":true})", R"("Ada")"})
    EXPECT_FALSE(parse_sign_in(body).has_value()) << body;
}

}  // namespace
}  // namespace groove::gateway
