#include "fetcher/fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FetcherTest : public testing::Test {
 protected:
  void import(int songs) {
    CatalogBuilder builder(spotify_v1());
    for (int i = 0; i < songs; ++i) builder.add(groove::test::song(i));
    ASSERT_TRUE(builder.write(places_.catalog()));
  }

  Result<Effect> pick(const std::vector<std::string>& ids) {
    auto& picked = *fact_.mutable_login_accepted()->mutable_basis()->mutable_picked_songs();
    picked.clear_song_ids();
    for (const std::string& id : ids) picked.add_song_ids(id);
    return handle();
  }
  Result<Effect> handle() {
    return fetcher_.handle(
        {.listener = ListenerId{7}, .sequence = 1, .event = {}, .fact = fact_, .state = {}});
  }
  static v1::ListeningFetched fetched(const Result<Effect>& effect) {
    v1::Event event;
    EXPECT_TRUE(effect) << effect.error().message;
    EXPECT_TRUE(event.ParseFromString(effect->output));
    EXPECT_TRUE(event.has_listening_fetched());
    return event.listening_fetched();
  }
  static std::vector<std::string> ids(const v1::ListeningFetched& event) {
    std::vector<std::string> out;
    for (const auto& song : event.songs()) out.push_back(song.song_id());
    return out;
  }
  static std::string id(int number) { return groove::test::song(number).id; }

  groove::test::TempDir folder_;
  Places places_ = find_places(folder_.path(), "", "").value();
  CurrentCatalog catalog_{places_, std::chrono::milliseconds(0)};
  CurrentMusicFiles files_{places_, std::chrono::milliseconds(0)};
  SpotifyDesk spotify_{places_, RedisAddress::parse(places_.redis).value(), catalog_};
  Fetcher fetcher_{catalog_, all_sources(files_, catalog_, spotify_)};
  v1::Event fact_;
};

TEST_F(FetcherTest, PickedSongsAreFoundDistinctAndSorted) {
  import(20);
  const auto effect = pick({id(9), id(3), id(9), "unknown", id(5), "unknown"});
  const auto event = fetched(effect);
  EXPECT_THAT(ids(event), ElementsAre(id(3), id(5), id(9)));
  for (const auto& song : event.songs()) EXPECT_EQ(song.weight(), 1000u);
  EXPECT_THAT(event.missing(), ElementsAre("unknown"));
  EXPECT_EQ(event.catalog_digest(), as_bytes(catalog_.get().value()->digest()));
  EXPECT_EQ(effect->detail, "3 of 4 songs found");
  EXPECT_FALSE(effect->state);
}

TEST_F(FetcherTest, WhatTheListenerAskedTravelsOn) {
  import(20);
  v1::LoginAccepted& login = *fact_.mutable_login_accepted();
  login.set_listener(7);
  login.set_accepted_at_us(123);
  login.mutable_basis()->mutable_wishes()->set_adventurousness(30);
  const auto event = fetched(pick({id(1)}));
  EXPECT_EQ(event.listener(), 7u);
  EXPECT_EQ(event.accepted_at_us(), 123);
  EXPECT_EQ(event.basis().wishes().adventurousness(), 30u);
  EXPECT_THAT(event.basis().picked_songs().song_ids(), ElementsAre(id(1)));
  EXPECT_THAT(event.missing(), IsEmpty());
}

TEST_F(FetcherTest, OnlyLoginsAreItsWork) {
  EXPECT_TRUE(fetcher_.wants(v1::Event::kLoginAccepted));
  EXPECT_FALSE(fetcher_.wants(v1::Event::kFeedbackGiven));
  EXPECT_FALSE(fetcher_.wants(v1::Event::kEventRefused));
}

TEST_F(FetcherTest, WithoutACatalogueTheEventWaitsForOne) {
  const auto effect = pick({id(1)});
  ASSERT_FALSE(effect);
  EXPECT_EQ(effect.error().code, Errc::kUnavailable);
  EXPECT_THAT(effect.error().message, HasSubstr("There are no songs yet: add a file"));
}

// Each refusal is final (not kUnavailable, which would be tried again) and says what to do.
TEST_F(FetcherTest, RefusalsSayWhatToDo) {
  const auto refusal = [](const Result<Effect>& effect) {
    EXPECT_FALSE(effect);
    EXPECT_NE(effect.error().code, Errc::kUnavailable);
    return effect ? "" : effect.error().message;
  };
  import(20);
  EXPECT_THAT(refusal(pick({"x", "y"})), HasSubstr("None of the 2 songs is in the library: pick"));
  EXPECT_THAT(refusal(pick({})), HasSubstr("No songs were picked: pick"));
  EXPECT_THAT(refusal(pick(std::vector<std::string>(501, id(1)))), HasSubstr("pick at most 500"));
  fact_.mutable_login_accepted()->clear_basis();
  EXPECT_THAT(refusal(handle()), HasSubstr("There is nothing to recommend from: pick"));
}

}  // namespace
}  // namespace groove::fetcher
