#include "workers/beneath.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temp_dir.h"

namespace groove {
namespace {

namespace fs = std::filesystem;

class BeneathTest : public testing::Test {
 protected:
  BeneathTest() {
    fs::create_directories(root_ / "a" / "b");
    std::ofstream(root_ / "a" / "b" / "song.ogg") << "0123456789";
    std::ofstream(outside_) << "secret";
  }

  // What is read by either way: with the kernel's help and without.
  std::string read(const std::string& path) const {
    const auto file = FileBeneath::open(root_, path);
    return file ? file->read(0, 100).value() : "refused";
  }
  bool walked(const std::string& path) const {
    const int fd = detail::walk_beneath(root_, path);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
  }

  test::TempDir folder_;
  fs::path root_ = folder_ / "root";
  fs::path outside_ = folder_ / "secret.txt";
};

TEST_F(BeneathTest, AFileIsReadInPieces) {
  const auto file = FileBeneath::open(root_, "a/b/song.ogg");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->size(), 10u);
  EXPECT_EQ(file->read(3, 4).value(), "3456");
  EXPECT_EQ(file->read(8, 4).value(), "89");
  EXPECT_EQ(file->read(10, 4).value(), "");
  EXPECT_TRUE(walked("a/b/song.ogg"));
}

TEST_F(BeneathTest, NoPathLeadsOut) {
  for (const std::string path :
       {"../secret.txt", "a/../../secret.txt", "a/b/../../../secret.txt", "/etc/passwd", "",
        "a//b/song.ogg", "./a/b/song.ogg", "a/b/.", "a/b/", "..", "a/b/song.ogg/"}) {
    const auto file = FileBeneath::open(root_, path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code, Errc::kInvalid) << path;
  }
  EXPECT_EQ(read(outside_.string()), "refused");
  EXPECT_EQ(read(std::string("a/b/song.ogg\0/x", 15)), "refused");
}

TEST_F(BeneathTest, LinksAreNotFollowedWhereverTheyStand) {
  fs::create_symlink(outside_, root_ / "link.ogg");
  fs::create_symlink("b/song.ogg", root_ / "a" / "inner.ogg");
  fs::create_directory_symlink(folder_.path(), root_ / "up");
  fs::create_directory_symlink("a", root_ / "again");
  fs::create_directory_symlink("/proc/self/root", root_ / "magic");
  for (const std::string path :
       {"link.ogg", "a/inner.ogg", "up/secret.txt", "again/b/song.ogg", "magic/etc/passwd"}) {
    EXPECT_EQ(read(path), "refused") << path;
    EXPECT_FALSE(walked(path)) << path;
  }
}

TEST_F(BeneathTest, OnlyRegularFilesAreOpened) {
  ASSERT_EQ(::mkfifo((root_ / "pipe.ogg").c_str(), 0600), 0);
  EXPECT_EQ(read("pipe.ogg"), "refused") << "and it did not wait for a writer";
  EXPECT_EQ(read("a"), "refused");
  EXPECT_EQ(read("missing.ogg"), "refused");
  EXPECT_EQ(FileBeneath::open(root_, "missing.ogg").error().code, Errc::kNotFound);
}

TEST_F(BeneathTest, TheRootItselfMayBeALink) {
  fs::create_directory_symlink(root_, folder_ / "chosen");
  EXPECT_TRUE(FileBeneath::open(folder_ / "chosen", "a/b/song.ogg"));
}

}  // namespace
}  // namespace groove
