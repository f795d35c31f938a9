#include "fetcher/same_song.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace groove::fetcher {
namespace {

using testing::Each;
using testing::ElementsAre;

SongRecord heard() {
  return {.id = "audio-1",
          .title = "Déjà Vu",
          .artists = {"Beyoncé"},
          .isrc = "USSM10603618",
          .duration_ms = 240'000,
          .features = std::vector<float>(kFeatureNames.size(), 1),
          .series = {1, 2},
          .sound_vector = {3, 4}};
}

SongRow row() {
  SongRow row{.id = "spotify-1",
              .title = "Deja Vu - Remastered 2011",
              .artists = {"Jay-Z", "Beyonce"},
              .album = "B'Day",
              .isrc = "",
              .year = 2006,
              .duration_ms = 241'000,
              .popularity = 60};
  row.features.fill(2);
  return row;
}

class SameSongTest : public testing::Test {
 protected:
  // Whether the row is taken for the song.
  bool same(const SongRow& listed) {
    std::vector<SongRow> rows{listed};
    songs_ = {heard()};
    const std::size_t joined = join_same_songs(rows, songs_);
    EXPECT_EQ(joined + rows.size(), 1u);
    return joined == 1;
  }
  std::vector<SongRecord> songs_;
};

TEST_F(SameSongTest, TheFileStaysAndTheRowCompletesIt) {
  ASSERT_TRUE(same(row()));
  const SongRecord& song = songs_[0];
  EXPECT_EQ(song.id, "audio-1");
  EXPECT_EQ(song.title, "Déjà Vu");
  EXPECT_THAT(song.series, ElementsAre(1, 2));
  EXPECT_THAT(song.sound_vector, ElementsAre(3, 4));
  EXPECT_THAT(song.features, Each(2));
  EXPECT_EQ(song.album, "B'Day");
  EXPECT_EQ(song.isrc, "USSM10603618");
  EXPECT_EQ(song.year, 2006);
  EXPECT_EQ(song.popularity, 60);
}

TEST_F(SameSongTest, TitlesWithoutTheArtistOrTheLengthSayNothing) {
  SongRow other = row();
  other.artists = {"Teena Marie"};
  EXPECT_FALSE(same(other));
  other = row();
  other.duration_ms = 250'000;
  EXPECT_FALSE(same(other));
  other = row();
  other.title = "Upgrade U";
  EXPECT_FALSE(same(other));
}

TEST_F(SameSongTest, AnIsrcIsEnoughForTwoOfOneLength) {
  SongRow listed = row();
  listed.title = "デジャヴ";
  listed.artists = {"ビヨンセ"};
  EXPECT_FALSE(same(listed));
  listed.isrc = "US-SM1-06-03618";
  EXPECT_TRUE(same(listed));
  listed.duration_ms = 400'000;  // the tag is wrong
  EXPECT_FALSE(same(listed));
}

TEST_F(SameSongTest, ARecordingsIdIsEnough) {
  SongRow listed = row();
  listed.title = "?";
  EXPECT_FALSE(same(listed));
  listed.id = "audio-1";
  EXPECT_TRUE(same(listed));
}

TEST_F(SameSongTest, TheFirstOfSeveralRowsGivesTheFeaturesAndOthersStayInOrder) {
  std::vector<SongRow> rows{row(), row(), row(), row()};
  rows[0].title = "A";
  rows[2].features.fill(3);
  rows[3].title = "B";
  songs_ = {heard()};
  EXPECT_EQ(join_same_songs(rows, songs_), 2u);
  EXPECT_THAT(songs_[0].features, Each(2));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].title, "A");
  EXPECT_EQ(rows[1].title, "B");
}

TEST_F(SameSongTest, WhatIsNotKnownIsNotTheSame) {
  std::vector<SongRow> rows{row()};
  rows[0].title = "???";
  std::vector<SongRecord> songs{heard()};
  songs[0].title = "!!!";
  songs[0].isrc.clear();
  EXPECT_EQ(join_same_songs(rows, songs), 0u);
}

}  // namespace
}  // namespace groove::fetcher
