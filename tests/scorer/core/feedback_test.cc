#include "scorer/core/feedback.h"

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using test::features;
using test::World;
using testing::ElementsAre;
using testing::IsEmpty;

Judgement yes(std::string id) { return {std::move(id), Opinion::kApproved, {{1500, 2}}}; }
Judgement no(std::string id) { return {std::move(id), Opinion::kDisapproved, {}}; }

TEST(Feedback, KeepsOneVerdictASong) {
  Judgements book;
  judge(book, yes("a"), 10);
  judge(book, yes("b"), 10);
  judge(book, no("a"), 10);
  EXPECT_THAT(book, ElementsAre(yes("b"), no("a")));
}

TEST(Feedback, ClearingLeavesNoTrace) {
  Judgements book = {yes("a"), no("b")};
  const Judgements before = book;
  judge(book, no("c"), 10);
  clear(book, "c");
  EXPECT_EQ(book, before);
  clear(book, "never judged");
  EXPECT_EQ(book, before);
}

TEST(Feedback, AFullBookForgetsTheOldest) {
  Judgements book;
  for (const char* id : {"a", "b", "c", "d"}) judge(book, yes(id), 3);
  EXPECT_THAT(book, ElementsAre(yes("b"), yes("c"), yes("d")));
}

class LearnedTest : public testing::Test {
 protected:
  World world_{1000};
  SoundTable table_ = world_.table();

  // A song at the catalogue's middle but for one feature.
  TasteSong song(Song s, std::size_t dimension, int deviations) const {
    TasteSong out{.song = s};
    out.vector[dimension] = static_cast<std::int16_t>(deviations * kVectorScale);
    return out;
  }
  std::vector<std::string> learned_from(const Opinions& before, const Opinions& after) const {
    return learned(make_preference(before, table_), make_preference(after, table_), features());
  }
};

TEST_F(LearnedTest, ApprovingAnAcousticSongTeachesMoreAcoustic) {
  Opinions before;
  for (Song s = 0; s < 5; ++s) before.liked.add(song(s, 0, 0));
  Opinions after = before;
  approve(after, song(9, 0, 2));
  EXPECT_THAT(learned_from(before, after), ElementsAre("more acoustic"));
}

TEST_F(LearnedTest, DisapprovingLoudSongsTeachesQuieter) {
  Opinions before;
  for (Song s = 0; s < 5; ++s) before.liked.add(song(s, 0, 0));
  Opinions after = before;
  for (Song s = 10; s < 14; ++s) disapprove(after, song(s, 6, 2));
  const auto words = learned_from(before, after);
  ASSERT_FALSE(words.empty());
  EXPECT_EQ(words[0], "quieter");
}

TEST_F(LearnedTest, NothingNewTeachesNothing) {
  const Opinions same = world_.liking({1, 2, 3});
  EXPECT_THAT(learned_from(same, same), IsEmpty());
}

}  // namespace
}  // namespace groove::scorer
