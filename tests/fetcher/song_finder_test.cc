#include "fetcher/song_finder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "fetcher/import.h"
#include "tests/support/temp_dir.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"
#include "workers/text.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Known {
  std::string id, title;
  std::vector<std::string> artists;
  std::string isrc = "";
  std::uint8_t popularity = 50;
};

class SongFinderTest : public testing::Test {
 protected:
  void know(const std::vector<Known>& songs) {
    CatalogBuilder builder(spotify_v1());
    int number = 0;
    for (const Known& song : songs) {
      SongRecord record = test::song(number++);
      record.id = song.id;
      record.title = song.title;
      record.artists = song.artists;
      record.isrc = song.isrc;
      record.popularity = song.popularity;
      builder.add(std::move(record));
    }
    ASSERT_TRUE(builder.write(folder_.path() / "c"));
    finder_.emplace(std::make_shared<Catalog>(Catalog::open(folder_.path() / "c").value()));
  }
  // The id of what is found; empty: nothing.
  std::string find(const std::string& title, std::vector<std::string> artists,
                   const std::string& isrc = "", const std::string& id = "none") {
    const auto song = finder_->find({id, isrc, title, std::move(artists), 0});
    return song ? std::string(finder_->catalog().id(*song)) : "";
  }

  test::TempDir folder_;
  std::optional<SongFinder> finder_;
};

TEST_F(SongFinderTest, TheIdComesFirstThenTheIsrcThenTheName) {
  know({{"a", "Yellow", {"Coldplay"}, "GBAYE0000267"}, {"b", "Clocks", {"Coldplay"}}});
  EXPECT_EQ(find("Whatever", {"Nobody"}, "", "b"), "b");
  EXPECT_EQ(find("Whatever", {"Nobody"}, "GB-AYE-00-00267"), "a");
  EXPECT_EQ(find("Whatever", {"Nobody"}, "gbaye0000267"), "a");
  EXPECT_EQ(find("Clocks", {"Coldplay"}, "USZZZ9900001"), "b");
}

TEST_F(SongFinderTest, HowANameIsWrittenDoesNotMatter) {
  know({{"a", "Déjà Vu (feat. JAY-Z)", {"Beyoncé", "JAY-Z"}},
        {"b", "Here Comes The Sun - Remastered 2009", {"The Beatles"}},
        {"c", "Mrs. Robinson", {"Simon & Garfunkel"}},
        {"d", "Under Pressure", {"Queen feat. David Bowie"}},
        {"e", "Don't Stop Me Now...", {"Queen"}}});
  EXPECT_EQ(find("Deja Vu", {"Beyonce"}), "a");
  EXPECT_EQ(find("DÉJÀ VU", {"Jay-Z"}), "a");
  EXPECT_EQ(find("Here Comes the Sun", {"Beatles"}), "b");
  EXPECT_EQ(find("Here Comes the Sun - Mono / Remastered", {"The Beatles"}), "b");
  EXPECT_EQ(find("Mrs Robinson", {"Simon and Garfunkel"}), "c");
  EXPECT_EQ(find("Under Pressure - Remastered 2011", {"Queen", "David Bowie"}), "d");
  EXPECT_EQ(find("Don’t Stop Me Now - Remastered 2011", {"Queen"}), "e");
}

TEST_F(SongFinderTest, WhatSoundsDifferentIsAnother) {
  know({{"a", "Hurt", {"Nine Inch Nails"}},
        {"b", "Creep - Live", {"Radiohead"}},
        {"c", "One More Time - Some Remix", {"Daft Punk"}},
        {"d", "Live and Let Die", {"Wings"}}});
  EXPECT_EQ(find("Hurt", {"Johnny Cash"}), "");
  EXPECT_EQ(find("Hurt", {}), "");
  EXPECT_EQ(find("Creep", {"Radiohead"}), "");
  EXPECT_EQ(find("Creep (Live)", {"Radiohead"}), "b");
  EXPECT_EQ(find("Creep (Acoustic)", {"Radiohead"}), "");
  EXPECT_EQ(find("One More Time", {"Daft Punk"}), "");
  EXPECT_EQ(find("Live And Let Die - 2018 Remaster", {"Wings"}), "d");
  EXPECT_EQ(find("", {"Wings"}), "");
  EXPECT_EQ(find("?!", {"Wings"}), "");
}

TEST_F(SongFinderTest, OfSeveralTheOneOfTheSameWholeTitleElseTheBestKnown) {
  know({{"a", "Song - Remastered 2009", {"X"}, "", 90},
        {"b", "Song", {"X"}, "", 10},
        {"c", "Tune - Remastered 2009", {"X"}, "", 10},
        {"d", "Tune - Remastered 2015", {"X"}, "", 60}});
  EXPECT_EQ(find("Song", {"X"}), "b");
  EXPECT_EQ(find("Tune", {"X"}), "d");
}

TEST_F(SongFinderTest, AnArtistStandsForTheirSongsTheBestKnownFirst) {
  know({{"a", "1", {"The The"}, "", 10},
        {"b", "2", {"The The", "Other"}, "", 90},
        {"c", "3", {"Thé The feat. Other"}, "", 50},
        {"d", "4", {"Other The"}, "", 99}});
  std::vector<std::string> ids;
  for (const SongIndex song : finder_->of_artist("the THE", 10))
    ids.emplace_back(finder_->catalog().id(song));
  EXPECT_THAT(ids, ElementsAre("b", "c", "a"));
  EXPECT_EQ(finder_->of_artist("The The", 1).size(), 1u);
  EXPECT_THAT(finder_->of_artist("Nobody", 10), IsEmpty());
  EXPECT_THAT(finder_->of_artist("!", 10), IsEmpty());
}

std::filesystem::path shared(const std::string& name) {
  const char* const given = std::getenv("GROOVE_SHARED");
  return std::filesystem::path(given ? given : "../shared") / "data/spotify" / name;
}

Result<Catalog> imported(const std::filesystem::path& csv, const std::filesystem::path& file) {
  Import import([](std::uint64_t, std::uint64_t) { return true; });
  if (const auto read = import.add(csv); !read) return std::unexpected(read.error());
  if (const auto written = import.write(file); !written) return std::unexpected(written.error());
  return Catalog::open(file);
}

// Two public lists have many recordings under different ids and differently written. Whether two
// are one recording the sound says, and nobody's title: an artist in common, the length to 1.5 s,
// and the features that Spotify computed from the audio.
class Sound {
 public:
  Sound(const Catalog& catalog, SongIndex song) : catalog_(catalog), song_(song) {}
  bool same(const Sound& other) const {
    return off("duration_ms", other) < 1'500 && off("tempo", other) < 1 &&
           off("energy", other) < 0.05F && off("valence", other) < 0.05F &&
           off("acousticness", other) < 0.05F && off("danceability", other) < 0.05F;
  }
  // For what was remastered, cut or faded anew.
  bool alike(const Sound& other) const {
    return off("duration_ms", other) < 15'000 && off("energy", other) < 0.35F &&
           off("acousticness", other) < 0.5F;
  }

 private:
  float off(std::string_view feature, const Sound& other) const {
    const auto at = spotify_v1().find(feature);
    return std::abs(catalog_.feature(song_, *at) - other.catalog_.feature(other.song_, *at));
  }
  const Catalog& catalog_;
  SongIndex song_;
};

SpotifyTrack track_of(const Catalog& catalog, SongIndex song) {
  SpotifyTrack track{
      "not there", "", std::string(catalog.title(song)), {}, catalog.duration_ms(song)};
  for (const std::string_view artist : catalog.artists(song)) track.artists.emplace_back(artist);
  return track;
}

TEST_F(SongFinderTest, OnRealListsWhatIsThereIsFoundAndWhatIsFoundIsRight) {
  if (!std::filesystem::exists(shared("data.csv.xz")))
    GTEST_SKIP() << shared("data.csv.xz") << " is not here; set GROOVE_SHARED to try it";
  const auto there = imported(shared("tracks.csv.xz"), folder_.path() / "tracks");
  const auto asked = imported(shared("data.csv.xz"), folder_.path() / "data");
  ASSERT_TRUE(there && asked);
  const SongFinder finder(
      std::make_shared<Catalog>(Catalog::open(folder_.path() / "tracks").value()));
  int labelled = 0, recalled = 0, found = 0, right = 0;
  for (SongIndex song = 0; song < asked->size(); ++song) {
    if (there->find(asked->id(song))) continue;
    const SpotifyTrack track = track_of(*asked, song);
    const Sound sound(*asked, song);
    bool is_there = false;
    for (const std::string& artist : track.artists)
      for (const SongIndex other : finder.of_artist(artist, 100'000))
        is_there |= sound.same(Sound(finder.catalog(), other));
    const auto match = finder.find(track);
    labelled += is_there;
    recalled += is_there && match;
    found += match.has_value();
    const bool is_right = match && sound.alike(Sound(finder.catalog(), *match));
    right += is_right;
    if (match && !is_right && std::getenv("GROOVE_SHOW"))
      fmt::print("{} [{}] -> {} {} {}\n", describe(*asked, song), asked->duration_ms(song),
                 describe(finder.catalog(), *match), finder.catalog().duration_ms(*match),
                 finder.catalog().id(*match));
    if (!match) continue;
    const auto artists = finder.catalog().artists(*match);
    bool shares_artist = false;
    for (const std::string_view artist : artists)
      for (const std::string& own : track.artists)
        shares_artist |= fold_artist(artist).starts_with(fold_artist(own));
    ASSERT_TRUE(shares_artist) << track.title;
  }
  const double recall = double(recalled) / labelled, precision = double(right) / found;
  fmt::print("{} labelled, recall {:.3f}; {} found, precision {:.3f}\n", labelled, recall, found,
             precision);
  EXPECT_GT(labelled, 500);
  EXPECT_GT(recall, 0.9);
  EXPECT_GT(precision, 0.9);
}

// Real titles, written in the ways that services write them: each still finds its own song, or
// another one of the same artist and title.
TEST_F(SongFinderTest, RealTitlesWrittenDifferentlyFindTheSameSong) {
  if (!std::filesystem::exists(shared("data.csv.xz")))
    GTEST_SKIP() << shared("data.csv.xz") << " is not here; set GROOVE_SHARED to try it";
  ASSERT_TRUE(imported(shared("data.csv.xz"), folder_.path() / "data"));
  const SongFinder finder(
      std::make_shared<Catalog>(Catalog::open(folder_.path() / "data").value()));
  const Catalog& catalog = finder.catalog();
  std::mt19937 dice(7);
  const std::string endings[] = {" - Remastered 2011",
                                 " (feat. Somebody)",
                                 " [2009 Remaster]",
                                 " - Single Version",
                                 "!",
                                 " - Mono"};
  for (int i = 0; i < 2'000; ++i) {
    const SongIndex song = dice() % static_cast<SongIndex>(catalog.size());
    SpotifyTrack track = track_of(catalog, song);
    if (fold(track.title).empty() || fold_artist(track.artists.at(0)).empty()) continue;
    track.title += endings[dice() % 6];
    const auto match = finder.find(track);
    ASSERT_TRUE(match) << track.title << " by " << track.artists[0] << ", seed 7";
    EXPECT_EQ(fold_title(catalog.title(*match)), fold_title(catalog.title(song)));
  }
}

}  // namespace
}  // namespace groove::fetcher
