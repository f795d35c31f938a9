#include "workers/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "tests/workers/model_fixture.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"

namespace groove {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A data folder where an import and a training put their files.
class LibraryTest : public testing::Test {
 protected:
  void import(int songs) {
    CatalogBuilder builder(spotify_v1());
    for (int i = 0; i < songs; ++i) builder.add(test::song(i));
    ASSERT_TRUE(builder.write(places_.catalog()));
  }
  void train() {
    const Catalog catalog = Catalog::open(places_.catalog()).value();
    ASSERT_TRUE(replace_file(places_.model(), test::model_of(catalog).SerializeAsString()));
  }

  test::TempDir folder_;
  Places places_ = find_places(folder_.path(), "", "").value();
  CurrentCatalog catalog_{places_, 0ms};
  Library library_{places_, 0ms};
};

TEST_F(LibraryTest, NothingYetIsSaidInWordsForTheListener) {
  EXPECT_EQ(catalog_.get().error().code, Errc::kUnavailable);
  EXPECT_THAT(catalog_.get().error().message, HasSubstr("There are no songs yet"));
  EXPECT_THAT(library_.music().error().message, HasSubstr("There are no songs yet"));
  import(20);
  EXPECT_EQ(catalog_.get().value()->size(), 20u);
  EXPECT_EQ(library_.music().error().code, Errc::kUnavailable);
  EXPECT_THAT(library_.music().error().message, HasSubstr("still being learned"));
}

TEST_F(LibraryTest, ANewPairIsTakenUpAndTheOldOneStaysWithWhoHoldsIt) {
  import(20);
  train();
  const auto before = library_.music().value();
  EXPECT_EQ(library_.music().value(), before);
  import(30);
  EXPECT_EQ(library_.music().value(), before) << "the model of the new catalogue is not there yet";
  train();
  const auto after = library_.music().value();
  EXPECT_EQ(after->catalog.size(), 30u);
  EXPECT_EQ(after->model.size(), 30u);
  EXPECT_EQ(before->catalog.id(19), test::song(19).id);
}

TEST_F(LibraryTest, ABrokenNewFileLeavesTheLastGoodOneInUse) {
  import(20);
  const auto before = catalog_.get().value();
  ASSERT_TRUE(replace_file(places_.catalog(), "not a catalogue"));
  EXPECT_EQ(catalog_.get().value(), before);
  std::filesystem::remove(places_.catalog());
  EXPECT_EQ(catalog_.get().value(), before);
  import(21);
  EXPECT_EQ(catalog_.get().value()->size(), 21u);
}

TEST_F(LibraryTest, ABrokenFirstFileIsSaidToBeBroken) {
  ASSERT_TRUE(replace_file(places_.catalog(), "not a catalogue"));
  EXPECT_EQ(catalog_.get().error().code, Errc::kCorrupt);
  EXPECT_EQ(library_.music().error().code, Errc::kCorrupt);
}

TEST_F(LibraryTest, FilesAreLookedAtOnlyOnceAWhile) {
  CurrentCatalog patient(places_, 1h);
  EXPECT_FALSE(patient.get());
  import(20);
  EXPECT_FALSE(patient.get()) << "an hour has not gone by";
  EXPECT_TRUE(catalog_.get());
}

}  // namespace
}  // namespace groove
