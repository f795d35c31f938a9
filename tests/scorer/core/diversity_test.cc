#include "scorer/core/diversity.h"

#include "tests/scorer/core/world.h"

namespace groove::scorer {
namespace {

using Names = std::vector<std::uint64_t>;

class ListTest : public testing::Test {
 protected:
  struct Named {
    Names artists;
    std::uint64_t album = 0, title = 0, isrc = 0;
    bool explicit_lyrics = false;
    int year = 0;
  };
  ListRules rules_;

  // The places in `songs` that a walk over them takes.
  std::vector<Song> walk(const std::vector<Named>& songs, const std::vector<Named>& avoided = {}) {
    ListWalk list(rules_);
    for (const Named& n : avoided) list.avoid(10'000, keys(n));
    for (Song s = 0; s < songs.size() && !list.full(); ++s) list.offer({s, 0}, keys(songs[s]));
    std::vector<Song> out;
    for (const Ranked& r : list.taken()) out.push_back(r.song);
    return out;
  }
  static SongKeys keys(const Named& n) {
    return {n.artists, n.album, n.title, n.isrc, n.explicit_lyrics, n.year};
  }
};

using testing::ElementsAre;

TEST_F(ListTest, TakesAtMostTwoSongsOfAnArtistHoweverTheyAreJoined) {
  EXPECT_THAT(walk({{{1}, 0, 11}, {{1, 2}, 0, 12}, {{2, 1}, 0, 13}, {{2}, 0, 14}, {{2}, 0, 15}}),
              ElementsAre(0, 1, 3));
}

TEST_F(ListTest, TakesAtMostTwoSongsOfAnAlbumAndAnUnknownAlbumIsNone) {
  EXPECT_THAT(
      walk({{{1}, 5, 11}, {{2}, 5, 12}, {{3}, 5, 13}, {{4}, 0, 14}, {{5}, 0, 15}, {{6}, 0, 16}}),
      ElementsAre(0, 1, 3, 4, 5));
}

TEST_F(ListTest, VersionsOfARecordingAreOne) {
  EXPECT_THAT(walk({{{1, 2}, 0, 11},
                    {{2}, 0, 11},  // the same title, a shared artist
                    {{3}, 0, 11},  // another artist's song of that name
                    {{4}, 0, 12, 77},
                    {{5}, 0, 13, 77}}),  // the same ISRC
              ElementsAre(0, 2, 3));
}

TEST_F(ListTest, SongsWithoutTitleOrIsrcAreNotVersionsOfEachOther) {
  EXPECT_THAT(walk({{{1}}, {{1}}}), ElementsAre(0, 1));
}

TEST_F(ListTest, AvoidsASongAndItsVersions) {
  EXPECT_THAT(walk({{{1}, 0, 11}, {{1}, 0, 12}, {{2}, 0, 11}}, {{{1}, 0, 11}}), ElementsAre(1, 2));
}

TEST_F(ListTest, AnAvoidedSongDoesNotCountForItsArtist) {
  EXPECT_THAT(walk({{{1}, 0, 12}, {{1}, 0, 13}}, {{{1}, 0, 11}}), ElementsAre(0, 1));
}

TEST_F(ListTest, LeavesOutExplicitLyricsWhenAsked) {
  rules_.no_explicit = true;
  EXPECT_THAT(walk({{{1}, 0, 1, 0, true}, {{2}, 0, 2}}), ElementsAre(1));
}

TEST_F(ListTest, TakesSongsOfTheEraAloneAndUnknownYearsAreNotOfIt) {
  const std::vector<Named> songs = {{{1}, 0, 1, 0, false, 1959},
                                    {{2}, 0, 2, 0, false, 1960},
                                    {{3}, 0, 3, 0, false, 1979},
                                    {{4}, 0, 4, 0, false, 1980},
                                    {{5}, 0, 5, 0, false, 0}};
  EXPECT_EQ(walk(songs).size(), 5U);
  rules_.year_from = 1960;
  EXPECT_THAT(walk(songs), ElementsAre(1, 2, 3));
  rules_.year_to = 1979;
  EXPECT_THAT(walk(songs), ElementsAre(1, 2));
  rules_.year_from = 0;
  EXPECT_THAT(walk(songs), ElementsAre(0, 1, 2));
}

TEST_F(ListTest, StopsWhenFull) {
  rules_.songs = 2;
  EXPECT_THAT(walk({{{1}, 0, 1}, {{2}, 0, 2}, {{3}, 0, 3}}), ElementsAre(0, 1));
}

TEST_F(ListTest, TheCapsHoldForAnyRanking) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    test::Dice dice(seed);
    std::vector<Named> songs(400);
    for (Named& n : songs) {
      n.artists = {1 + dice.below(15)};
      if (dice.below(3) == 0) n.artists.push_back(20 + dice.below(5));
      n.album = dice.below(20);
      n.title = 1 + dice.below(60);
    }
    std::map<std::uint64_t, int> artists, albums;
    for (const Song s : walk(songs)) {
      for (const std::uint64_t a : songs[s].artists) ASSERT_LE(++artists[a], 2) << "seed " << seed;
      if (songs[s].album != 0) {
        ASSERT_LE(++albums[songs[s].album], 2) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace groove::scorer
