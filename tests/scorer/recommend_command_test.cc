#include "scorer/recommend_command.h"

#include <boost/json.hpp>

#include "scorer/suggest.h"
#include "tests/scorer/music.h"

namespace groove::scorer {
namespace {

using test::id_of;
using testing::HasSubstr;

class CommandTest : public testing::Test {
 protected:
  test::SmallMusic small_;
  RecommendCommand command_{.catalog = small_.places().catalog(),
                            .model = small_.places().model(),
                            .like = {id_of(3), id_of(14)},
                            .json = true};
};

TEST_F(CommandTest, PrintsJsonThatProgramsCanRead) {
  const auto text = recommend(command_);
  ASSERT_TRUE(text) << text.error().message;
  const auto json = boost::json::parse(*text).as_object();
  EXPECT_EQ(json.at("catalog").as_string().size(), 64U);
  EXPECT_EQ(json.at("model").as_string().size(), 64U);
  const auto& songs = json.at("recommendations").as_array();
  ASSERT_EQ(songs.size(), 20U);
  const auto& first = songs[0].as_object();
  EXPECT_THAT(std::string(first.at("title").as_string()), HasSubstr("Title "));
  EXPECT_GT(first.at("confidence").as_double(), 0.02);
  EXPECT_TRUE(first.at("cluster").is_int64());
  EXPECT_FALSE(first.at("because").as_array().empty());
}

TEST_F(CommandTest, TheOrderOfIdsDoesNotChangeAByte) {
  RecommendCommand turned = command_;
  std::ranges::reverse(turned.like);
  EXPECT_EQ(*recommend(turned), *recommend(command_));
}

TEST_F(CommandTest, PrintsAListForPeople) {
  command_.json = false;
  EXPECT_THAT(*recommend(command_), testing::AllOf(HasSubstr("  1  "), HasSubstr(" %  Artist "),
                                                   HasSubstr("giving these a shot")));
}

TEST_F(CommandTest, GivesAsManyAsAsked) {
  command_.count = 7;
  const auto json = boost::json::parse(*recommend(command_)).as_object();
  EXPECT_EQ(json.at("recommendations").as_array().size(), 7U);
}

TEST_F(CommandTest, NamesEveryUnknownIdAndWhatIsNearToIt) {
  command_.like = {"SONG10003", "titel 14", "quite something else"};
  const auto refused = recommend(command_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              testing::AllOf(HasSubstr("SONG10003 is not"), HasSubstr("song10003  Artist 3"),
                             HasSubstr("titel 14 is not"), HasSubstr("Title 14\n"),
                             HasSubstr("quite something else is not in the catalogue. No id")));
}

TEST_F(CommandTest, ReadsErasAndWeights) {
  command_.year_from = 1960;
  command_.year_to = 1989;
  command_.weights = {"energy=150", "key=0"};
  EXPECT_TRUE(recommend(command_));
  for (const auto* bad : {"energy", "energy=", "energy=201", "energy=-1", "energy=1x", "charm=5"}) {
    command_.weights = {bad};
    EXPECT_THAT(recommend(command_).error().message, HasSubstr(bad));
  }
  command_.weights.clear();
  command_.year_to = 1959;
  EXPECT_THAT(recommend(command_).error().message, HasSubstr("first year"));
}

TEST_F(CommandTest, ASongCannotBeLikedAndDisliked) {
  command_.dislike = {id_of(3)};
  EXPECT_THAT(recommend(command_).error().message, HasSubstr("both liked and disliked"));
}

TEST_F(CommandTest, SaysWhichFileCannotBeRead) {
  command_.model = "/nowhere/model.groove";
  EXPECT_THAT(recommend(command_).error().message, HasSubstr("/nowhere/model.groove"));
}

TEST_F(CommandTest, SuggestsTheNearestFirstAndNoMoreThanAsked) {
  const Catalog catalog = std::move(*Catalog::open(command_.catalog));
  const auto near = suggest(catalog, "artist 14 title 14", 2);
  ASSERT_EQ(near.size(), 2U);
  EXPECT_EQ(catalog.title(near[0]), "Title 14");
}

}  // namespace
}  // namespace groove::scorer
