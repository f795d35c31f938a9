#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"
#include "workers/durable_file.h"
#include "workers/library_state.h"
#include "workers/mapped_file.h"
#include "workers/places.h"

namespace groove {
namespace {

using namespace std::chrono_literals;

TEST(DurableFileTest, ReplacesWholeAndLeavesNothingBeside) {
  test::TempDir folder;
  ASSERT_TRUE(replace_file(folder / "f", "old"));
  ASSERT_TRUE(replace_file(folder / "f", "new"));
  EXPECT_EQ(read_file(folder / "f").value(), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(DurableFileTest, AMappingKeepsTheFileItWasOpenedOn) {
  test::TempDir folder;
  ASSERT_TRUE(replace_file(folder / "f", "old"));
  const MappedFile mapped = MappedFile::open(folder / "f").value();
  ASSERT_TRUE(replace_file(folder / "f", "new, and longer"));
  EXPECT_EQ(mapped.bytes(), "old");
}

TEST(DurableFileTest, BearsTheTimeItIsGiven) {
  test::TempDir folder;
  const FileTime then{1'234'567'890'123'456'789ns};
  ASSERT_TRUE(replace_file(folder / "f", "x", then));
  struct stat info{};
  ASSERT_EQ(::stat((folder / "f").c_str(), &info), 0);
  EXPECT_EQ(info.st_mtim.tv_sec, 1'234'567'890);
  EXPECT_EQ(info.st_mtim.tv_nsec, 123'456'789);
}

TEST(DurableFileTest, EmptyAndMissingFilesAreToldApart) {
  test::TempDir folder;
  ASSERT_TRUE(replace_file(folder / "empty", ""));
  EXPECT_EQ(read_file(folder / "empty").value(), "");
  EXPECT_EQ(read_file(folder / "absent").error().code, Errc::kNotFound);
  EXPECT_EQ(read_file(folder.path()).error().code, Errc::kUnavailable);
}

TEST(PlacesTest, WhatIsNotGivenIsUnderTheDataFolder) {
  const Places places = find_places("/srv/groove/", "", "").value();
  EXPECT_EQ(places.data, "/srv/groove");
  EXPECT_EQ(places.run, "/srv/groove/run");
  EXPECT_EQ(places.redis, "unix:/srv/groove/run/redis.sock");
  EXPECT_EQ(places.catalog(), "/srv/groove/catalog.groove");
  EXPECT_EQ(find_places("/d", "/r", "tcp:h:1").value().redis, "tcp:h:1");
  EXPECT_TRUE(find_places("relative", "", "").value().data.is_absolute());
  EXPECT_EQ(find_places("", "", "").error().code, Errc::kInvalid);
}

TEST(PlacesTest, ARunFolderTooLongForASocketIsReplacedOrRefused) {
  const std::string deep = "/" + std::string(120, 'x');
  const Places places = find_places(deep, "", "").value();
  EXPECT_LT(places.inbox("cluster-12").size(), 100u);
  EXPECT_EQ(places.run, find_places(deep + "/", "", "").value().run);
  EXPECT_NE(places.run, find_places(deep + "y", "", "").value().run);
  EXPECT_EQ(find_places("/d", deep, "").error().code, Errc::kInvalid);
}

TEST(LibraryStateTest, WhatIsWrittenIsRead) {
  test::TempDir folder;
  const Places places = find_places(folder.path(), "", "").value();
  EXPECT_FALSE(read_library_state(places));
  using State = LibraryState::State;
  for (const State state : {State::kImporting, State::kTraining, State::kReady, State::kFailed}) {
    const LibraryState said{
        .state = state, .detail = "\"quoted\"\n é", .done = 7, .total = 1ULL << 40};
    ASSERT_TRUE(write_library_state(places, said));
    EXPECT_EQ(read_library_state(places), said);
  }
}

TEST(LibraryStateTest, WhatCannotBeUnderstoodIsNothing) {
  test::TempDir folder;
  const Places places = find_places(folder.path(), "", "").value();
  for (const char* text : {"", "{", "[]", "{}", R"({"state":"dancing"})", R"({"state":7})"}) {
    ASSERT_TRUE(replace_file(places.library_state(), text));
    EXPECT_FALSE(read_library_state(places)) << text;
  }
  ASSERT_TRUE(replace_file(places.library_state(), R"({"state":"ready","done":-1,"detail":3})"));
  EXPECT_EQ(read_library_state(places), LibraryState{});
}

}  // namespace
}  // namespace groove
