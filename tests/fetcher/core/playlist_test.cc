#include "fetcher/core/playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using Entry = PlaylistEntry;

std::vector<Entry> parse(const std::string& name, const std::string& text) {
  return parse_playlist(name, text).value();
}

TEST(PlaylistTest, M3uWithItsInformation) {
  EXPECT_THAT(parse("a.m3u8",
                    "\xEF\xBB\xBF#EXTM3U\r\n#EXTINF:123,Björk - Jóga\r\nBjörk/Jóga.mp3\r\n\r\n"
                    "# comment\n../other.ogg\n#EXTINF:-1,Only title\n/abs/x.flac"),
              ElementsAre(Entry{"Björk/Jóga.mp3", "Jóga", "Björk"}, Entry{"../other.ogg", "", ""},
                          Entry{"/abs/x.flac", "Only title", ""}));
}

TEST(PlaylistTest, OldM3uIsWindows1252) {
  EXPECT_THAT(parse("a.M3U", "Bj\xf6rk \x96 x.mp3\n"), ElementsAre(Entry{"Björk – x.mp3", "", ""}));
}

TEST(PlaylistTest, PlsGoesByItsNumbers) {
  EXPECT_THAT(parse("a.pls",
                    "[playlist]\nFile2=b.mp3\nTitle2=B - Two\nFile1=a.mp3\nLength1=-1\n"
                    "NumberOfEntries=2\nVersion=2\nTitle9=no file\nFilex=bad\nFile=bad\n"),
              ElementsAre(Entry{"a.mp3", "", ""}, Entry{"b.mp3", "Two", "B"}));
}

TEST(PlaylistTest, XspfWithEntitiesCommentsAndPrefixes) {
  EXPECT_THAT(parse("a.xspf", R"(<?xml version="1.0"?><!-- <track> --><playlist version="1"
        xmlns="http://xspf.org/ns/0/"><title>The list</title><trackList>
        <track><location>file:///m/A%20B.mp3</location><title>R&amp;B &#233;</title>
          <creator><![CDATA[A <&> B]]></creator><location>second.mp3</location></track>
        <x:track a="b"><x:location>c.ogg</x:location><title/></x:track><track/>
        <track><title>No place</title></track>
        </trackList></playlist>)"),
              ElementsAre(Entry{"file:///m/A%20B.mp3", "R&B é", "A <&> B"}, Entry{"c.ogg", "", ""},
                          Entry{"", "No place", ""}));
}

TEST(PlaylistTest, JspfTakesTheFirstPlace) {
  EXPECT_THAT(parse("a.jspf", R"({"playlist":{"track":[
      {"location":["a.mp3","b.mp3"],"title":"T","creator":"C"},{"title":"X","location":"c.mp3"},
      7,{"location":[],"title":5}]}})"),
              ElementsAre(Entry{"a.mp3", "T", "C"}, Entry{"c.mp3", "X", ""}, Entry{"", "", ""}));
}

TEST(PlaylistTest, WhatIsBrokenIsPassedOver) {
  EXPECT_TRUE(parse("a.xspf", "<track><location>a").empty());
  EXPECT_TRUE(parse("a.xspf", "no xml at all &#x110000; <").empty());
  EXPECT_TRUE(parse("a.jspf", "{").empty());
  EXPECT_TRUE(parse("a.jspf", "[]").empty());
  EXPECT_TRUE(parse("a.pls", "").empty());
  EXPECT_FALSE(parse_playlist("a.txt", "a.mp3"));
  EXPECT_FALSE(parse_playlist("", "a.mp3"));
}

TEST(PlaylistTest, ListsHaveAnEnd) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "a.mp3\n";
  EXPECT_EQ(parse("a.m3u", text).size(), kPlaylistEntriesMax);
}

TEST(PlaylistTest, PlacesArePathsOrNothing) {
  EXPECT_EQ(local_path("a/b.mp3"), "a/b.mp3");
  EXPECT_EQ(local_path("C:\\Music\\A\\b.mp3"), "/Music/A/b.mp3");
  EXPECT_EQ(local_path("..\\b.mp3"), "../b.mp3");
  EXPECT_EQ(local_path("file:///m/A%20B%C3%A9.mp3"), "/m/A Bé.mp3");
  EXPECT_EQ(local_path("file:///C:/m/b.mp3"), "/m/b.mp3");
  EXPECT_EQ(local_path("file://host/m/b.mp3"), "/m/b.mp3");
  EXPECT_EQ(local_path("a%20b.mp3"), "a%20b.mp3") << "only addresses are encoded";
  EXPECT_FALSE(local_path("https://example.org/a.mp3"));
  EXPECT_FALSE(local_path(""));
  EXPECT_FALSE(local_path("file:///a%00b"));
}

}  // namespace
}  // namespace groove::fetcher
