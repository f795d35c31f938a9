#include "fetcher/core/song_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fetcher/core/good_row.h"

namespace groove::fetcher {
namespace {

using test::convert;
using test::good_row;
using test::with;
using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;

std::string refusal(const std::string& column, const std::string& value) {
  const auto row = with(column, value);
  return row ? "accepted" : row.error().message;
}

std::vector<std::string> artists(const std::string& text) {
  const auto row = with("artists", text);
  return row ? row->artists : std::vector{row.error().message};
}

TEST(SongRowTest, AGoodRowIsRead) {
  const SongRow song = convert(good_row()).value();
  EXPECT_EQ(song.id, "3AJwUDP919kvQ9QcozQPxg");
  EXPECT_EQ(song.title, "Yellow");
  EXPECT_THAT(song.artists, ElementsAre("Coldplay"));
  EXPECT_TRUE(song.artists_listed);
  EXPECT_EQ(song.year, 2000);
  EXPECT_EQ(song.duration_ms, 266773u);
  EXPECT_THAT(song.popularity, Optional(Eq(84)));
  EXPECT_THAT(song.explicit_lyrics, Optional(Eq(false)));
  EXPECT_THAT(song.features, ElementsAre(0.00239F, 0.429F, 0.661F, 1.2e-05F, 11, 0.234F, -7.227F, 1,
                                         0.0281F, 173.372F, 0.285F, 266773));
}

TEST(SongRowTest, LayoutsAreRecognisedByTheirHeaders) {
  const auto layout = [](std::vector<std::string_view> header) {
    header.insert(header.end(), kFeatureNames.begin(), kFeatureNames.end());
    auto found = Layout::recognise(header);
    return found ? std::string(found->name()) : found.error().message;
  };
  EXPECT_EQ(layout({"artists", "id", "name", "year"}), "data.csv");
  EXPECT_EQ(layout({"id", "name", "artists", "id_artists", "release_date"}), "tracks.csv");
  EXPECT_EQ(layout({"id", "name", "artists"}), "songs without a year");
  EXPECT_EQ(layout({" ID ", "Name", "ARTISTS"}), "songs without a year");
  EXPECT_EQ(layout({"artist", "genres"}), "not a known layout: the header lacks id, name, artists");
}

TEST(SongRowTest, MissingColumnsAreAllNamed) {
  const std::vector<std::string_view> header = {"artists", "genres"};
  EXPECT_THAT(Layout::recognise(header).error().message,
              HasSubstr("lacks id, name, acousticness, danceability, energy"));
}

TEST(SongRowTest, ArtistsComeAsListsOrAsPlainText) {
  EXPECT_THAT(artists("['Suprême NTM', 'Lucien Papalu']"),
              ElementsAre("Suprême NTM", "Lucien Papalu"));
  EXPECT_THAT(artists(R"(["Destiny's Child"])"), ElementsAre("Destiny's Child"));
  EXPECT_THAT(artists(R"(['"Weird Al" Yankovic'])"), ElementsAre("\"Weird Al\" Yankovic"));
  EXPECT_THAT(artists("Coldplay"), ElementsAre("Coldplay"));
  EXPECT_THAT(artists("Tyler, The Creator"), ElementsAre("Tyler, The Creator"));
  EXPECT_THAT(artists("[bsd.u]"), ElementsAre("[bsd.u]"));
  EXPECT_THAT(artists("Earth, Wind & Fire"), ElementsAre("Earth, Wind & Fire"));
  EXPECT_THAT(artists("[]"), ElementsAre("artists is empty"));
  EXPECT_THAT(artists("['']"), ElementsAre("artists is empty"));
  EXPECT_FALSE(with("artists", "Coldplay")->artists_listed);
}

TEST(SongRowTest, YearsComeInManyFormsOrNotAtAll) {
  const auto year = [](const std::string& text) {
    const auto row = with("release_date", text);
    return row ? row->year : -1;
  };
  EXPECT_EQ(year("1978-09-23"), 1978);
  EXPECT_EQ(year("1978-09"), 1978);
  EXPECT_EQ(year("1978"), 1978);
  EXPECT_EQ(year("1978.0"), 1978);
  EXPECT_EQ(year(""), 0);
  EXPECT_EQ(year("0"), 0);
  EXPECT_EQ(year("0000-00-00"), 0);
  EXPECT_EQ(year("nan"), 0);
  EXPECT_EQ(year("soon"), -1);
  EXPECT_EQ(year("78"), -1);
  EXPECT_EQ(with("year", "1999")->year, 1999) << "a year goes before a date";
}

TEST(SongRowTest, WhatIsOptionalMayBeMissing) {
  test::Columns columns = good_row();
  for (const char* column : {"popularity", "explicit", "release_date"}) columns.erase(column);
  const SongRow song = convert(columns).value();
  EXPECT_FALSE(song.popularity);
  EXPECT_FALSE(song.explicit_lyrics);
  EXPECT_EQ(song.year, 0);
  EXPECT_THAT(with("explicit", "True")->explicit_lyrics, Optional(Eq(true)));
  EXPECT_FALSE(with("popularity", "")->popularity);
  EXPECT_THAT(with("popularity", "0")->popularity, Optional(Eq(0)));
  EXPECT_EQ(with("album", "Parachutes")->album, "Parachutes");
  EXPECT_EQ(with("isrc", "GBAYE0000123")->isrc, "GBAYE0000123");
}

TEST(SongRowTest, BadRowsSayWhatIsWrong) {
  EXPECT_EQ(refusal("id", ""), "id is empty");
  EXPECT_EQ(refusal("id", "a b"), "id has other characters than visible ASCII: \"a b\"");
  EXPECT_THAT(refusal("id", std::string(65, 'x')), HasSubstr("id is too long"));
  EXPECT_EQ(refusal("name", " "), "name is empty");
  EXPECT_EQ(refusal("name", "caf\xe9"), "name is not UTF-8");
  EXPECT_EQ(refusal("artists", "['\xff']"), "artists is not UTF-8");
  EXPECT_EQ(refusal("energy", ""), "energy is empty");
  EXPECT_EQ(refusal("energy", "loud"), "energy is not a number: \"loud\"");
  EXPECT_EQ(refusal("energy", "nan"), "energy is not a number: \"nan\"");
  EXPECT_EQ(refusal("energy", "1e999"), "energy is not a number: \"1e999\"");
  EXPECT_EQ(refusal("energy", "0.5x"), "energy is not a number: \"0.5x\"");
  EXPECT_EQ(refusal("energy", "1.7"), "energy is out of its range 0 to 1: \"1.7\"");
  EXPECT_EQ(refusal("key", "3.5"), "key is not a whole number: \"3.5\"");
  EXPECT_EQ(refusal("key", "12"), "key is out of its range -1 to 11: \"12\"");
  EXPECT_THAT(refusal("duration_ms", "0"), HasSubstr("duration_ms is out of its range"));
  EXPECT_THAT(refusal("popularity", "101"), HasSubstr("popularity is out of its range"));
  EXPECT_THAT(refusal("explicit", "maybe"), HasSubstr("explicit is neither 0 nor 1"));
  EXPECT_EQ(refusal("tempo", "\x1b[2J\xff"), "tempo is not a number: \"?[2J?\"");
}

TEST(SongRowTest, AWrongCountOfFieldsIsSaid) {
  std::vector<std::string_view> header = {"id", "name", "artists"};
  header.insert(header.end(), kFeatureNames.begin(), kFeatureNames.end());
  const Layout layout = Layout::recognise(header).value();
  const std::vector<std::string_view> fields(14, "1");
  EXPECT_EQ(layout.song(fields).error().message, "14 fields where the header has 15");
}

TEST(SongRowTest, ControlCharactersInTextBecomeBlanks) {
  EXPECT_EQ(with("name", "\tTwo\nlines\x1b[2J ")->title, "Two lines [2J");
}

}  // namespace
}  // namespace groove::fetcher
