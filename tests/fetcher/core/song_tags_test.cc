#include "fetcher/core/song_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workers/base/utf8.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SongTags from_path(const std::string& path, SongTags tags = {}) {
  fill_from_path(tags, path);
  return tags;
}

TEST(SongTagsTest, ATextIsCleaned) {
  SongTags raw{.title = "  Caf\xe9\x01\n "};
  raw.album.resize(2'000, 'x');
  EXPECT_EQ(cleaned(raw).title, "Caf\xEF\xBF\xBD");
  EXPECT_EQ(cleaned(raw).album.size(), 500u);
  raw.title.assign(499, 'x');
  raw.title += "é";
  const SongTags tags = cleaned(raw);
  EXPECT_TRUE(valid_utf8(tags.title)) << "not cut within a character";
}

TEST(SongTagsTest, ArtistsAreToldApartAndNamedOnce) {
  EXPECT_THAT(cleaned({.artists = {"A; B", "B", " ", "Tyler, The Creator", "x\x1fy"}}).artists,
              ElementsAre("A", "B", "Tyler, The Creator", "x y"));
}

TEST(SongTagsTest, IdsThatAreNoneAreDropped) {
  EXPECT_EQ(cleaned({.isrc = "us-rc1-76 07839"}).isrc, "USRC17607839");
  for (const char* none : {"USRC1760783", "USRC176078390", "12RC17607839", "USRC1760783X", "-"})
    EXPECT_EQ(cleaned({.isrc = none}).isrc, "") << none;
  const std::string uuid = "6b5a3b7e-1c1f-4f7e-8d4c-0123456789ab";
  EXPECT_EQ(cleaned({.recording_id = "6B5A3B7E-1C1F-4F7E-8D4C-0123456789AB"}).recording_id, uuid);
  EXPECT_EQ(cleaned({.recording_id = uuid + "0"}).recording_id, "");
  EXPECT_EQ(cleaned({.recording_id = "../../../../../../etc/passwd/////////"}).recording_id, "");
  EXPECT_EQ(cleaned({.year = 94}).year, 0);
  EXPECT_EQ(cleaned({.year = 1994}).year, 1994);
}

TEST(SongTagsTest, TheNameOfTheFileSaysArtistAndTitle) {
  const SongTags tags = from_path("Radiohead - Paranoid Android.mp3");
  EXPECT_THAT(tags.artists, ElementsAre("Radiohead"));
  EXPECT_EQ(tags.title, "Paranoid Android");
  EXPECT_EQ(from_path("01 - Radiohead - Airbag.flac").title, "Airbag");
  EXPECT_THAT(from_path("01 - Radiohead - Airbag.flac").artists, ElementsAre("Radiohead"));
  EXPECT_EQ(from_path("Radiohead - OK Computer - 06 - Karma Police.ogg").title, "Karma Police");
}

TEST(SongTagsTest, TrackNumbersAreNoPartOfATitle) {
  EXPECT_EQ(from_path("03. Lucky.mp3").title, "Lucky");
  EXPECT_EQ(from_path("03 Lucky.mp3").title, "Lucky");
  EXPECT_EQ(from_path("1-07_Lucky_Star.mp3").title, "Lucky Star");
  EXPECT_EQ(from_path("99 Luftballons.mp3").title, "99 Luftballons");
  EXPECT_EQ(from_path("1979.mp3").title, "1979");
  EXPECT_EQ(from_path("7.mp3").title, "7");
}

TEST(SongTagsTest, FoldersNameArtistAndAlbum) {
  const SongTags tags = from_path("Music/Portishead/Dummy/04 - Wandering Star.ogg");
  EXPECT_THAT(tags.artists, ElementsAre("Portishead"));
  EXPECT_EQ(tags.album, "Dummy");
  EXPECT_EQ(tags.title, "Wandering Star");
  EXPECT_THAT(from_path("Downloads/song.ogg").artists, IsEmpty()) << "a folder may be anything";
}

TEST(SongTagsTest, WhatTheTagsSayStays) {
  const SongTags tags =
      from_path("X - Y.mp3", {.title = "Title", .artists = {"Artist"}, .album = "Album"});
  EXPECT_EQ(tags, (SongTags{.title = "Title", .artists = {"Artist"}, .album = "Album"}));
}

TEST(SongTagsTest, ThereIsAlwaysATitle) {
  for (const std::string path : {"", ".mp3", " .mp3", "01 - .mp3", "a/ - .ogg", "\x01", " - "})
    EXPECT_NE(from_path(path).title, "") << path;
  std::string path(5'000, 'x');
  path.append("/").append(255, 'y').append(".ogg");
  EXPECT_NE(from_path(path).title, "");
}

}  // namespace
}  // namespace groove::fetcher
