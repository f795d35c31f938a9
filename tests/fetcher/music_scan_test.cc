#include "fetcher/music_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/fetcher/wav.h"
#include "tests/support/temp_dir.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MusicScanTest : public testing::Test {
 protected:
  void put(const std::string& path) { test::write(folder_ / path, "x"); }
  FoundMusic scan(const std::vector<fs::path>& folders) {
    return scan_music(folders, [] { return true; });
  }
  FoundMusic scan() { return scan({folder_ / "m"}); }
  static std::vector<std::string> paths(const std::vector<FoundFile>& files) {
    std::vector<std::string> out;
    for (const FoundFile& file : files) out.push_back(file.path);
    return out;
  }
  static std::string why(const FoundMusic& found, const std::string& name) {
    for (const Unread& unread : found.unread)
      if (unread.path.ends_with(name)) return unread.reason;
    return "";
  }

  groove::test::TempDir folder_;
};

TEST_F(MusicScanTest, MusicIsFoundByItsNameHoweverDeep) {
  for (const char* path : {"m/b/c/d/e/two.FLAC", "m/a.mp3", "m/list.m3u8", "m/cover.jpg",
                           "m/.hidden.mp3", "m/.git/x.ogg", "m/b/LICENSE.txt"})
    put(path);
  const FoundMusic found = scan();
  EXPECT_THAT(paths(found.songs), ElementsAre("a.mp3", "b/c/d/e/two.FLAC"));
  EXPECT_THAT(paths(found.playlists), ElementsAre("list.m3u8"));
  EXPECT_THAT(paths(found.licences), ElementsAre("b/LICENSE.txt"));
  EXPECT_EQ(why(found, "cover.jpg"), "it is no music file by its name");
  EXPECT_EQ(why(found, ".hidden.mp3"), "");
  EXPECT_EQ(found.songs[0].size, 1u);
}

TEST_F(MusicScanTest, LinksAreToldAndNotFollowedSoNothingGoesInCircles) {
  put("m/a/one.mp3");
  put("outside/two.mp3");
  fs::create_directory_symlink(folder_ / "m", folder_ / "m/a/loop");
  fs::create_directory_symlink(folder_ / "outside", folder_ / "m/out");
  fs::create_symlink(folder_ / "outside/two.mp3", folder_ / "m/two.mp3");
  fs::create_symlink("nowhere", folder_ / "m/dangling.mp3");
  ASSERT_EQ(::mkfifo((folder_ / "m/pipe.mp3").c_str(), 0600), 0);
  const FoundMusic found = scan();
  EXPECT_THAT(paths(found.songs), ElementsAre("a/one.mp3"));
  for (const char* name : {"loop", "out", "two.mp3", "dangling.mp3"})
    EXPECT_THAT(why(found, name), HasSubstr("link")) << name;
  EXPECT_EQ(why(found, "pipe.mp3"), "it is not a file");
}

TEST_F(MusicScanTest, AChosenFolderMayItselfBeALink) {
  put("m/one.mp3");
  fs::create_directory_symlink(folder_ / "m", folder_ / "chosen");
  const FoundMusic found = scan({folder_ / "chosen"});
  EXPECT_THAT(paths(found.songs), ElementsAre("one.mp3"));
  EXPECT_EQ(found.folders[0].path, fs::canonical(folder_ / "m"));
}

TEST_F(MusicScanTest, AFolderIsScannedOnceHoweverItIsGiven) {
  put("m/a/one.mp3");
  put("n/m/two.mp3");
  const FoundMusic found =
      scan({folder_ / "m", folder_ / "m/a", folder_ / "m/", folder_ / "n/m", folder_ / "gone"});
  ASSERT_EQ(found.folders.size(), 2u);
  EXPECT_EQ(found.folders[0].name, "m");
  EXPECT_EQ(found.folders[1].name, "m (2)");
  EXPECT_EQ(found.songs.size(), 2u);
  EXPECT_THAT(why(found, "gone"), HasSubstr("not there"));
}

TEST_F(MusicScanTest, TheNearestLicenceIsTheOnesOfASong) {
  for (const char* path : {"m/a/b/one.mp3", "m/ab/two.mp3", "m/a/copyright"}) put(path);
  FoundMusic found = scan();
  EXPECT_EQ(found.licence_of(found.songs[0]), "a/copyright");
  EXPECT_EQ(found.licence_of(found.songs[1]), "");
  put("m/Licence");
  put("m/a/b/COPYING");
  found = scan();
  EXPECT_EQ(found.licence_of(found.songs[0]), "a/b/COPYING");
  EXPECT_EQ(found.licence_of(found.songs[1]), "Licence");
}

TEST_F(MusicScanTest, AScanCanBeGivenUp) {
  put("m/one.mp3");
  EXPECT_THAT(scan_music({folder_ / "m"}, [] { return false; }).songs, IsEmpty());
}

}  // namespace
}  // namespace groove::fetcher
