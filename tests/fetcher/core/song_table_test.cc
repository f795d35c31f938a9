#include "fetcher/core/song_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fetcher/core/good_row.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

SongRow song(const std::string& column = "id", const std::string& value = "x") {
  return test::with(column, value).value();
}

SongRow merged(SongRow first, SongRow later) {
  first.id = later.id = "same";
  SongTable table;
  EXPECT_TRUE(table.add(std::move(first)));
  EXPECT_FALSE(table.add(std::move(later)));
  auto songs = table.take();
  EXPECT_EQ(songs.size(), 1u);
  return std::move(songs[0]);
}

TEST(SongTableTest, ALaterRowFillsWhatTheFirstLacks) {
  SongRow later = song("album", "Parachutes");
  later.isrc = "GBAYE0000123";
  SongRow first = song("release_date", "");
  first.popularity.reset();
  first.explicit_lyrics.reset();
  const SongRow both = merged(first, later);
  EXPECT_EQ(both.album, "Parachutes");
  EXPECT_EQ(both.isrc, "GBAYE0000123");
  EXPECT_EQ(both.year, 2000);
  EXPECT_THAT(both.popularity, Optional(Eq(84)));
  EXPECT_THAT(both.explicit_lyrics, Optional(Eq(false)));
}

TEST(SongTableTest, TheFirstRowWinsOnWhatItHas) {
  SongRow later = song("energy", "0.1");
  later.title = "Other";
  later.year = 1999;
  later.popularity = 1;
  const SongRow both = merged(song(), later);
  EXPECT_EQ(both.features, song().features);
  EXPECT_EQ(both.title, "Yellow");
  EXPECT_EQ(both.year, 2000);
  EXPECT_THAT(both.popularity, Optional(Eq(84)));
}

TEST(SongTableTest, AListOfArtistsSaysMoreThanPlainText) {
  const SongRow plain = song("artists", "JAY-Z");
  const SongRow list = song("artists", "['JAY-Z', 'Linkin Park']");
  EXPECT_THAT(merged(plain, list).artists, ElementsAre("JAY-Z", "Linkin Park"));
  EXPECT_THAT(merged(list, plain).artists, ElementsAre("JAY-Z", "Linkin Park"));
}

TEST(SongTableTest, ManySongsAreKeptApart) {
  SongTable table;
  for (int i = 0; i < 3'000; ++i)
    EXPECT_EQ(table.add(song("id", "id" + std::to_string(i % 2'000))), i < 2'000);
  EXPECT_EQ(table.size(), 2'000u);
  EXPECT_EQ(table.take()[1'234].id, "id1234");
  EXPECT_EQ(table.size(), 0u);
  EXPECT_TRUE(table.add(song("id", "id7")));
}

}  // namespace
}  // namespace groove::fetcher
