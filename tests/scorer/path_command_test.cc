#include "scorer/path_command.h"

#include <boost/json.hpp>
#include <set>

#include "scorer/core/path.h"
#include "tests/scorer/music.h"

namespace groove::scorer {
namespace {

using test::id_of;
using testing::HasSubstr;

class PathTest : public testing::Test {
 protected:
  test::SmallMusic small_;
  PathCommand command_{.catalog = small_.places().catalog(),
                       .model = small_.places().model(),
                       .from = id_of(3),
                       .to = id_of(14),
                       .steps = 8,
                       .json = true};

  std::vector<std::string> path_ids() const {
    const auto text = path(command_);
    EXPECT_TRUE(text) << text.error().message;
    std::vector<std::string> out;
    const auto json = boost::json::parse(text.value_or(R"({"path":[]})"));
    for (const auto& song : json.at("path").as_array()) out.emplace_back(song.at("id").as_string());
    return out;
  }
};

TEST_F(PathTest, BeginsAndEndsAsAskedAndHasNoSongTwice) {
  const auto ids = path_ids();
  ASSERT_EQ(ids.size(), 10U);
  EXPECT_EQ(ids.front(), id_of(3));
  EXPECT_EQ(ids.back(), id_of(14));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 10U);
}

TEST_F(PathTest, EachStepIsAmongTheSongsNearestToItsStation) {
  const auto ids = path_ids();
  const SoundTable table = small_.world.table();
  const auto stops = stations(table.vector(3), table.vector(14), 8);
  for (std::size_t i = 0; i < stops.size(); ++i) {
    std::vector<std::string> near;
    for (const Song s : nearest_songs(table, stops[i], 20)) near.push_back(id_of(s));
    EXPECT_THAT(near, testing::Contains(ids[i + 1])) << "step " << i;
  }
}

TEST_F(PathTest, TheNearestSongsAreTheNearest) {
  const SoundTable table = small_.world.table();
  const auto near = nearest_songs(table, table.vector(42), 400);
  EXPECT_EQ(near[0], 42U);
  EXPECT_EQ(near.size(), 400U);
  const auto squared = [&](Song s) {
    std::int64_t sum = 0;
    for (std::size_t d = 0; d < test::kDimensions; ++d) {
      const std::int64_t away = small_.world.vectors[s][d] - small_.world.vectors[42][d];
      sum += away * away;
    }
    return sum;
  };
  for (std::size_t i = 1; i < near.size(); ++i) EXPECT_LE(squared(near[i - 1]), squared(near[i]));
}

TEST_F(PathTest, PrintsForPeopleAndNamesWhatItDoesNotKnow) {
  command_.json = false;
  EXPECT_THAT(*path(command_), HasSubstr("  9  song10014  Artist 14"));
  command_.to = id_of(3);
  EXPECT_THAT(path(command_).error().message, HasSubstr("two different"));
  command_.to = "nothing";
  EXPECT_THAT(path(command_).error().message, HasSubstr("nothing is not"));
}

}  // namespace
}  // namespace groove::scorer
