#include "gateway/core/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace groove::gateway {
namespace {

using Found = std::vector<std::uint32_t>;

SearchIndex index_of(const std::vector<SearchSong>& songs) {
  SearchIndex::Builder builder;
  for (const SearchSong& song : songs) builder.add(song);
  return std::move(builder).build();
}

class SearchTest : public testing::Test {
 protected:
  Found find(std::string_view query, std::size_t limit = 20) { return index_.find(query, limit); }

  SearchIndex index_ = index_of({
      {"yesterday", {"the beatles"}, 80},                // 0
      {"yesterday once more", {"carpenters"}, 70},       // 1
      {"queen", {"perfume genius"}, 40},                 // 2
      {"bohemian rhapsody", {"queen"}, 90},              // 3
      {"killer queen", {"queen"}, 60},                   // 4
      {"under pressure", {"queen", "david bowie"}, 85},  // 5
      {"queen of the night", {"someone"}, 10},           // 6
      {"la la la", {"naughty boy", "sam smith"}, 75},    // 7
      {"yesterday", {"boyz ii men"}, 50},                // 8
  });
};

TEST_F(SearchTest, TheTitleItselfComesFirstThenTheBetterKnown) {
  EXPECT_EQ(find("yesterday"), (Found{0, 8, 1}));
}

TEST_F(SearchTest, AnArtistsSongsComeWithTitlesThatBeginSo) {
  EXPECT_EQ(find("queen"), (Found{2, 3, 5, 4, 6}));
}

TEST_F(SearchTest, EveryWordMustBeginAWord) {
  EXPECT_EQ(find("yest beat"), (Found{0}));
  EXPECT_EQ(find("beatles yesterday"), (Found{0}));
  EXPECT_EQ(find("bowie pressure"), (Found{5}));
  EXPECT_EQ(find("esterday"), Found{});
  EXPECT_EQ(find("yesterday nobody"), Found{});
}

TEST_F(SearchTest, AWordMayBeSaidAgain) { EXPECT_EQ(find("la la"), (Found{7})); }

TEST_F(SearchTest, TheBestAreKeptUnderALimit) {
  EXPECT_EQ(find("queen", 2), (Found{2, 3}));
  EXPECT_EQ(find("queen", 0), Found{});
}

TEST_F(SearchTest, NothingAskedNothingFound) {
  EXPECT_EQ(find(""), Found{});
  EXPECT_EQ(find("   "), Found{});
  EXPECT_EQ(index_of({}).find("a", 5), Found{});
}

// The law: the index finds what reading every song finds, in the same order.
Found plain_find(const std::vector<SearchSong>& songs, const std::vector<std::string>& words,
                 const std::string& query, std::size_t limit) {
  std::vector<std::tuple<int, int, std::uint32_t>> places;
  for (std::uint32_t i = 0; i < songs.size(); ++i) {
    std::string text = " " + songs[i].title;
    bool artist = false;
    for (const std::string& name : songs[i].artists) {
      text += " " + name;
      artist = artist || name == query;
    }
    if (!std::ranges::all_of(words, [&](auto& w) { return text.find(" " + w) != text.npos; }))
      continue;
    const bool begins = songs[i].title.starts_with(query);
    places.emplace_back(songs[i].title == query ? 0
                        : begins || artist      ? 1
                                                : 2,
                        -songs[i].popularity, i);
  }
  std::ranges::sort(places);
  Found found;
  for (const auto& place : places)
    if (found.size() < limit) found.push_back(std::get<2>(place));
  return found;
}

TEST(SearchLawTest, TheIndexFindsWhatReadingEverySongFinds) {
  std::mt19937 random(11);
  const auto word = [&] {
    std::string text(1 + random() % 3, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<SearchSong> songs(random() % 40);
    for (SearchSong& song : songs) {
      song.title = word() + (random() % 2 ? " " + word() : "");
      for (std::size_t i = random() % 3; i > 0; --i) song.artists.push_back(word() + " " + word());
      song.popularity = static_cast<std::uint8_t>(random() % 4);
    }
    std::vector<std::string> words = {word()};
    std::string query = words[0];
    if (random() % 2) query += " " + words.emplace_back(word());
    EXPECT_EQ(index_of(songs).find(query, 7), plain_find(songs, words, query, 7))
        << "seed 11, round " << round << ", query '" << query << "'";
  }
}

}  // namespace
}  // namespace groove::gateway
