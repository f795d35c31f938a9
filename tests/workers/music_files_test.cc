#include "workers/music_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "workers/durable_file.h"

namespace groove {
namespace {

using testing::ElementsAre;

class MusicFilesTest : public testing::Test {
 protected:
  MusicFilesTest() { add_root("Music", "/srv/music"); }

  void add_root(const std::string& name, const std::string& path) {
    auto& root = *message_.add_roots();
    root.set_name(name);
    root.set_path(path);
  }
  void add(const std::string& path, const std::string& song, std::uint32_t root = 0) {
    auto& file = *message_.add_files();
    file.set_root(root);
    file.set_path(path);
    file.set_song_id(song);
  }
  MusicFiles written() {
    EXPECT_TRUE(write_music_files(file_, message_));
    return MusicFiles::open(file_).value();
  }

  test::TempDir folder_;
  std::filesystem::path file_ = folder_ / "files.groove";
  v1::MusicFiles message_;
};

TEST_F(MusicFilesTest, ASongIsItsFirstFile) {
  add("a/one.mp3", "1");
  add("b/copy.mp3", "1");
  add("b/two.mp3", "2");
  const MusicFiles files = written();
  EXPECT_EQ(files.find("1")->path(), "a/one.mp3");
  EXPECT_EQ(files.root(*files.find("2")), "/srv/music");
  EXPECT_EQ(files.find("3"), nullptr);
}

TEST_F(MusicFilesTest, FoldersCountWhatIsInThemAndBelow) {
  add("one.mp3", "1");
  add("a/b/two.mp3", "2");
  add("a/three.mp3", "3");
  add("ab/four.mp3", "4");
  std::vector<std::string> told;
  for (const auto& folder : written().folders())
    told.push_back(folder.name + " " + std::to_string(folder.files));
  EXPECT_THAT(told, ElementsAre("Music 4", "Music/a 2", "Music/a/b 1", "Music/ab 1"));
}

TEST_F(MusicFilesTest, NamesAreUtf8WhateverTheFileSystemHas) {
  add("caf\xe9/one.mp3", "1");
  const MusicFiles files = written();
  EXPECT_EQ(files.name(*files.find("1")), "Music/caf\xEF\xBF\xBD/one.mp3");
}

TEST_F(MusicFilesTest, DamageIsRefused) {
  add("one.mp3", "1");
  static_cast<void>(written());
  const std::string good = read_file(file_).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    ASSERT_TRUE(replace_file(file_, bad));
    ASSERT_FALSE(MusicFiles::open(file_)) << "byte " << i;
    ASSERT_TRUE(replace_file(file_, good.substr(0, i)));
    ASSERT_FALSE(MusicFiles::open(file_)) << "cut to " << i;
  }
}

TEST_F(MusicFilesTest, AFileOfNoRootIsRefused) {
  add("one.mp3", "1", 1);
  EXPECT_FALSE(MusicFiles::from(message_));
  message_.mutable_files(0)->set_root(0);
  EXPECT_TRUE(MusicFiles::from(message_));
  message_.mutable_files(0)->set_path("/etc/passwd");
  EXPECT_FALSE(MusicFiles::from(message_));
}

}  // namespace
}  // namespace groove
