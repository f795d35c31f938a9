#include "fetcher/core/spotify_replies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = SpotifyTrouble::Kind;

constexpr std::string_view kTrack =
    R"({"id":"11dFghVXANMlKmJXsNCbNl","type":"track","name":"Cut To The Feeling","is_local":false,
        "artists":[{"name":"Carly Rae Jepsen"}],"external_ids":{"isrc":"USUM71703861"}})";

std::string page(const std::string& items, int total) {
  return R"({"items":[)" + items + R"(],"total":)" + std::to_string(total) + "}";
}

TEST(SpotifyRepliesTest, ATrackHasItsIdIsrcTitleAndArtists) {
  const auto read = parse_spotify_tracks(page(std::string(kTrack), 80), TrackAt::kItself);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->items.size(), 1u);
  EXPECT_EQ(read->total, 80u);
  EXPECT_EQ(read->items[0].id, "11dFghVXANMlKmJXsNCbNl");
  EXPECT_EQ(read->items[0].isrc, "USUM71703861");
  EXPECT_EQ(read->items[0].title, "Cut To The Feeling");
  EXPECT_THAT(read->items[0].artists, ElementsAre("Carly Rae Jepsen"));
}

TEST(SpotifyRepliesTest, OfAPlaylistWhatIsNoSongIsCounted) {
  const std::string entries = R"({"item":)" + std::string(kTrack) + R"(},{"item":null},{},7,null,
      {"is_local":true,"item":{"id":null,"name":"Tape","type":"track"}},
      {"item":{"id":"x","name":"Talking","type":"episode"}},
      {"item":{"id":"x","name":"","type":"track"}})";
  const auto read = parse_spotify_tracks(page(entries, 8), TrackAt::kItem);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->items.size(), 1u);
  EXPECT_EQ(read->entries, 8u);
  EXPECT_EQ(read->skipped, 7u);
}

TEST(SpotifyRepliesTest, WhatIsNotAsDescribedIsAnError) {
  for (const std::string_view body : {"", "<html>", "[]", "{}", R"({"items":{}})", R"({"items":[)"})
    EXPECT_FALSE(parse_spotify_tracks(body, TrackAt::kItself)) << body;
  EXPECT_FALSE(parse_spotify_me(R"({"id":"ada"})")) << "an id that may change is nobody";
  EXPECT_FALSE(parse_spotify_grant(R"({"access_token":"a"})"));
  EXPECT_FALSE(parse_spotify_grant(R"({"access_token":7,"expires_in":3600})"));
  EXPECT_FALSE(parse_spotify_tracks(std::string(100'000, '['), TrackAt::kItself));
}

TEST(SpotifyRepliesTest, ARefreshMayBringNoNewRefreshToken) {
  const auto grant = parse_spotify_grant(R"({"access_token":"a","expires_in":3600})");
  ASSERT_TRUE(grant);
  EXPECT_THAT(grant->refresh, IsEmpty());
  EXPECT_EQ(grant->seconds, 3600);
}

TEST(SpotifyRepliesTest, EachTroubleThatWasSeenIsUnderstood) {
  struct Case {
    int status;
    std::string_view retry_after, body;
    Kind kind;
    std::int64_t wait_s;
  };
  const std::string_view limit = R"({"error":{"status":429,"message":"API rate limit exceeded"}})";
  const std::string_view quota =
      R"({"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}})";
  const Case cases[] = {
      {429, "17", limit, Kind::kWait, 17},
      {429, "0", limit, Kind::kWait, 1},
      {429, "", "", Kind::kWait, 5},
      {429, "-3", limit, Kind::kWait, 5},
      {429, "Wed, 25 Nov 2026 10:00:00 GMT", limit, Kind::kWait, 5},
      {429, "85771", limit, Kind::kWait, 85'771},
      {429, "99999999999999999999", limit, Kind::kWait, 5},
      {429, "", quota, Kind::kWait, 3'600},
      {429, "60", quota, Kind::kWait, 60},
      {401, "", R"({"error":{"status":401,"message":"The access token expired"}})", Kind::kExpired,
       0},
      {403, "", "User not registered in the Developer Dashboard", Kind::kForbidden, 0},
      {400, "", R"({"error":"invalid_grant","error_description":"x"})", Kind::kSignInAgain, 0},
      {400, "", R"({"error":"invalid_client","error_description":"x"})", Kind::kRefused, 0},
      {404, "", "", Kind::kNotFound, 0},
      {500, "", "<html>", Kind::kPassing, 0},
      {504, "", "", Kind::kPassing, 0},
      {405, "", "", Kind::kRefused, 0},
  };
  for (const Case& c : cases) {
    const auto trouble = read_spotify_trouble(c.status, c.retry_after, c.body);
    EXPECT_EQ(trouble.kind, c.kind) << c.status << ' ' << c.body;
    EXPECT_EQ(trouble.wait_s, c.wait_s) << c.retry_after << ' ' << c.body;
  }
  EXPECT_EQ(read_spotify_trouble(403, "", "User not registered in the Developer Dashboard").said,
            "User not registered in the Developer Dashboard");
  EXPECT_EQ(read_spotify_trouble(429, "1", limit).said, "API rate limit exceeded");
  EXPECT_EQ(read_spotify_trouble(500, "", "<html>").said, "");
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(SpotifyRepliesTest, BodiesOfTheRealServiceAreRead) {
  const char* const given = std::getenv("GROOVE_SHARED");
  const std::filesystem::path bodies =
      std::filesystem::path(given ? given : "../shared") / "data/webapi/fixtures_java";
  if (!std::filesystem::exists(bodies))
    GTEST_SKIP() << bodies << " is not here; set GROOVE_SHARED to try it";
  const auto saved = parse_spotify_tracks(
      text_of(bodies / "data/library/GetUsersSavedTracksRequest.json"), TrackAt::kTrack);
  ASSERT_TRUE(saved) << saved.error().message;
  EXPECT_FALSE(saved->items.empty());
  const auto played = parse_spotify_tracks(
      text_of(bodies / "data/player/GetCurrentUsersRecentlyPlayedTracksRequest.json"),
      TrackAt::kTrack);
  ASSERT_TRUE(played) << played.error().message;
  EXPECT_FALSE(played->items.empty());
  const auto lists = parse_spotify_playlists(
      text_of(bodies / "data/playlists/GetListOfCurrentUsersPlaylistsRequest.json"));
  ASSERT_TRUE(lists) << lists.error().message;
  EXPECT_FALSE(lists->items.empty());
  EXPECT_TRUE(parse_spotify_grant(
      text_of(bodies / "authorization/authorization_code/pkce/AuthorizationCodePKCERefresh.json")));
}

}  // namespace
}  // namespace groove::fetcher
