#include "fetcher/tags.h"

#include <fileref.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tpropertymap.h>

#include "tests/fetcher/wav.h"
#include "tests/support/temp_dir.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;

class TagsTest : public testing::Test {
 protected:
  TagsTest() { test::write(file_, test::wav(1, 1)); }

  void tag(const char* key, std::vector<const char*> values) {
    TagLib::FileRef file(file_.c_str());
    TagLib::PropertyMap map = file.file()->properties();
    TagLib::StringList list;
    for (const char* value : values) list.append(TagLib::String(value, TagLib::String::UTF8));
    map.replace(key, list);
    file.file()->setProperties(map);
    ASSERT_TRUE(file.save());
  }

  groove::test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "song.wav";
};

TEST_F(TagsTest, EverythingAFileSaysOfItself) {
  tag("TITLE", {"Jóga"});
  tag("ARTIST", {"Björk", "Somebody"});
  tag("ALBUM", {"Homogenic"});
  tag("DATE", {"1997-09-22"});
  tag("GENRE", {"Electronic"});
  tag("ISRC", {"GBAYE9700123"});
  tag("MUSICBRAINZ_TRACKID", {"6B5A3B7E-1C1F-4F7E-8D4C-0123456789AB"});
  tag("MUSICBRAINZ_RELEASETRACKID", {"00000000-1c1f-4f7e-8d4c-0123456789ab"});
  const SongTags tags = read_tags(file_);
  EXPECT_EQ(tags.title, "Jóga");
  EXPECT_THAT(tags.artists, ElementsAre("Björk", "Somebody"));
  EXPECT_EQ(tags.album, "Homogenic");
  EXPECT_EQ(tags.year, 1997);
  EXPECT_THAT(tags.genres, ElementsAre("Electronic"));
  EXPECT_EQ(tags.isrc, "GBAYE9700123");
  EXPECT_EQ(tags.recording_id, "6b5a3b7e-1c1f-4f7e-8d4c-0123456789ab");
  EXPECT_EQ(tags.track_id, "00000000-1c1f-4f7e-8d4c-0123456789ab");
}

TEST_F(TagsTest, TheFieldThatNamesEveryArtistCounts) {
  tag("ARTIST", {"A & B"});
  tag("ARTISTS", {"A", "B"});
  EXPECT_THAT(read_tags(file_).artists, ElementsAre("A", "B"));
}

TEST_F(TagsTest, WhatHasNoTagsSaysNothing) {
  EXPECT_EQ(read_tags(file_), SongTags());
  EXPECT_EQ(read_tags(folder_ / "gone.mp3"), SongTags());
  test::write(folder_ / "text.flac", "no music");
  EXPECT_EQ(read_tags(folder_ / "text.flac"), SongTags());
}

}  // namespace
}  // namespace groove::fetcher
