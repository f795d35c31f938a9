// Songs from music folders and playlists, from the list of files to what is liked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetcher/sources/music_source.h"
#include "fetcher/sources/playlist_source.h"
#include "tests/fetcher/wav.h"
#include "tests/support/temp_dir.h"
#include "tests/workers/music_fixture.h"
#include "workers/base/limits.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class MusicSourcesTest : public testing::Test {
 protected:
  MusicSourcesTest() {
    auto& root = *message_.add_roots();
    root.set_name("music");
    root.set_path((folder_ / "music").string());
  }

  void add(const std::string& path, int song, std::int64_t added_us = 0) {
    auto& file = *message_.add_files();
    file.set_path(path);
    file.set_song_id(groove::test::song(song).id);
    file.set_added_us(added_us);
    builder_.add(groove::test::song(song));
  }
  void playlist(const std::string& path, const std::string& text) {
    message_.add_playlists()->set_path(path);
    test::write(folder_ / "music" / path, text);
  }
  Result<Listening> ask(const Basis& basis) {
    EXPECT_TRUE(builder_.size() == 0 || builder_.write(places_.catalog()));
    EXPECT_TRUE(write_music_files(places_.music_files(), message_));
    MusicSource music(files_);
    PlaylistSource playlists(files_, catalog_);
    Source& source = music.serves(basis) ? static_cast<Source&>(music) : playlists;
    EXPECT_TRUE(source.serves(basis));
    return source.listening(ListenerId{7}, basis);
  }
  static std::vector<int> songs(const Result<Listening>& listening) {
    EXPECT_TRUE(listening) << listening.error().message;
    std::vector<int> out;
    for (const HeardSong& heard : listening.value_or(Listening{}).songs)
      out.push_back(heard.id.empty() ? -1 : std::stoi(heard.id.substr(4)) - 10'000);
    return out;
  }

  groove::test::TempDir folder_;
  Places places_ = find_places(folder_ / "data", "", "").value();
  CurrentMusicFiles files_{places_, std::chrono::milliseconds(0)};
  CurrentCatalog catalog_{places_, std::chrono::milliseconds(0)};
  v1::MusicFiles message_;
  CatalogBuilder builder_{spotify_v1()};

 private:
  bool made_ = std::filesystem::create_directories(places_.data);
};

TEST_F(MusicSourcesTest, TheWholeLibraryIsEachSongOnce) {
  add("a.mp3", 2);
  add("b/copy.mp3", 2);
  add("b/c.mp3", 1);
  EXPECT_THAT(songs(ask(MusicLibrary{})), ElementsAre(1, 2));
}

TEST_F(MusicSourcesTest, AnEvenSampleOfMoreThanAnEventCarries) {
  for (int i = 0; i < 2'500; ++i) add(std::to_string(i) + ".mp3", i);
  const auto all = songs(ask(MusicLibrary{}));
  EXPECT_LE(all.size(), limits::kSourceSongsMax);
  EXPECT_GT(all.size(), limits::kSourceSongsMax / 2);
  EXPECT_GT(all.back(), 2'490);
}

TEST_F(MusicSourcesTest, AFolderIsWhatIsInItAndBelow) {
  add("a.mp3", 1);
  add("b/c.mp3", 2);
  add("b/d/e.mp3", 3);
  add("bb/f.mp3", 4);
  EXPECT_THAT(songs(ask(MusicFolderBasis{"music/b"})), ElementsAre(2, 3));
  EXPECT_THAT(songs(ask(MusicFolderBasis{"music"})), SizeIs(4));
  const auto none = ask(MusicFolderBasis{"music/x"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::kNotFound);
  EXPECT_THAT(none.error().message, HasSubstr("choose another"));
}

TEST_F(MusicSourcesTest, WhatCameLastWeighsMost) {
  for (int i = 0; i < 150; ++i) add(std::to_string(i) + ".mp3", i, i);
  const auto recent = ask(RecentlyAdded{});
  ASSERT_THAT(songs(recent), SizeIs(100));
  EXPECT_EQ(songs(recent).front(), 149);
  EXPECT_EQ(recent->songs.front().weight, 1'000u);
  EXPECT_GE(recent->songs.back().weight, 500u);
  EXPECT_LT(recent->songs.back().weight, 510u);
}

TEST_F(MusicSourcesTest, APlaylistFindsItsSongsByPathByTheEndOfItAndByName) {
  add("Artist/Album/one.mp3", 1);
  add("Artist/Album/two.mp3", 2);
  add("Other/three.mp3", 3);
  playlist("lists/mine.m3u8",
           "../Artist/Album/one.mp3\nD:\\Old\\Album\\TWO.mp3\n"
           "#EXTINF:1,Artist 3 - Title 3\nhttps://example.org/x.mp3\n"
           "#EXTINF:1,Nobody - Nothing\n/else/where.mp3\n");
  const auto found = ask(PlaylistBasis{"music/lists/mine.m3u8"});
  EXPECT_THAT(songs(found), ElementsAre(1, 2, 3, -1));
  EXPECT_EQ(found->songs.back().name, "Nobody – Nothing");
}

TEST_F(MusicSourcesTest, ANameThatTwoFilesHaveNamesNeither) {
  add("a/track01.mp3", 1);
  add("b/track01.mp3", 2);
  playlist("x.m3u", "/gone/track01.mp3\n/gone/b/track01.mp3\n");
  EXPECT_THAT(songs(ask(PlaylistBasis{"music/x.m3u"})), ElementsAre(-1, 2));
}

TEST_F(MusicSourcesTest, APlaylistThatIsALinkOutOfTheFolderIsNotRead) {
  add("a.mp3", 1);
  playlist("x.m3u", "a.mp3\n");
  test::write(folder_ / "outside.m3u", "a.mp3\n");
  std::filesystem::remove(folder_ / "music/x.m3u");
  std::filesystem::create_symlink(folder_ / "outside.m3u", folder_ / "music/x.m3u");
  const auto refused = ask(PlaylistBasis{"music/x.m3u"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("There is no playlist music/x.m3u"));
}

TEST_F(MusicSourcesTest, WithoutMusicFoldersTheRefusalSaysWhatToDo) {
  MusicSource source(files_);
  const auto refused = source.listening(ListenerId{7}, MusicLibrary{});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--music FOLDER"));
}

}  // namespace
}  // namespace groove::fetcher
