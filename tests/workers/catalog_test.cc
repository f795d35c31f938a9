#include "workers/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/temp_dir.h"
#include "tests/workers/catalog_bytes.h"
#include "tests/workers/music_fixture.h"
#include "workers/base/bytes.h"
#include "workers/catalog_builder.h"
#include "workers/catalog_layout.h"

namespace groove {
namespace {

using test::opened, test::resealed;
using testing::ElementsAre;
using testing::HasSubstr;

class CatalogTest : public testing::Test {
 protected:
  Catalog written(const std::vector<SongRecord>& songs) {
    CatalogBuilder builder(spotify_v1());
    for (const SongRecord& record : songs) builder.add(record);
    EXPECT_TRUE(builder.write(file()));
    auto catalog = Catalog::open(file());
    EXPECT_TRUE(catalog) << catalog.error().message;
    return std::move(*catalog);
  }

  static std::string image(const std::vector<SongRecord>& songs) {
    CatalogBuilder builder(spotify_v1());
    for (const SongRecord& record : songs) builder.add(record);
    return builder.image();
  }

  std::filesystem::path file() const { return folder_ / "catalog.groove"; }

  test::TempDir folder_;
};

TEST_F(CatalogTest, WhatWasWrittenIsRead) {
  SongRecord full = test::song(3);
  full.title = "Déjà Vu, \"quoted\"";
  full.artists = {"Beyoncé", "JAY-Z"};
  full.album = "B'Day";
  full.isrc = "USSM10603618";
  full.explicit_lyrics = true;
  SongRecord bare = test::song(1);
  bare.artists.clear();
  bare.year = 0;
  const Catalog catalog = written({full, bare});

  ASSERT_EQ(catalog.size(), 2u);
  EXPECT_EQ(catalog.space(), spotify_v1());
  const SongIndex at = catalog.find(full.id).value();
  EXPECT_EQ(at, 1u);
  EXPECT_EQ(catalog.id(at), full.id);
  EXPECT_EQ(catalog.title(at), full.title);
  EXPECT_THAT(catalog.artists(at), ElementsAre("Beyoncé", "JAY-Z"));
  EXPECT_EQ(catalog.album(at), full.album);
  EXPECT_EQ(catalog.isrc(at), full.isrc);
  EXPECT_EQ(catalog.year(at), full.year);
  EXPECT_EQ(catalog.duration_ms(at), full.duration_ms);
  EXPECT_EQ(catalog.popularity(at), full.popularity);
  EXPECT_TRUE(catalog.explicit_lyrics(at));
  EXPECT_EQ(describe(catalog, at), "Beyoncé & JAY-Z – Déjà Vu, \"quoted\"");
  for (std::size_t i = 0; i < full.features.size(); ++i) {
    const Feature& feature = catalog.space().features[i];
    EXPECT_NEAR(catalog.feature(at, i), full.features[i], (feature.high - feature.low) / 65535)
        << feature.name;
  }
  EXPECT_TRUE(catalog.artists(0).empty());
  EXPECT_EQ(catalog.album(0), "");
  EXPECT_EQ(catalog.year(0), 0);
  EXPECT_FALSE(catalog.explicit_lyrics(0));
}

// The worked example of workers/CATALOG.md: its header has the digest, so its bytes are these.
TEST_F(CatalogTest, TheBytesAreTheOnesOfTheDocument) {
  CatalogBuilder builder(FeatureSpace{.name = "tiny-v1", .features = {{"energy", 0, 1}}});
  builder.add({.id = "s1",
               .title = "Yo",
               .artists = {"A", "B"},
               .year = 2001,
               .duration_ms = 1000,
               .popularity = 7,
               .explicit_lyrics = true,
               .features = {0.5F}});
  const std::string bytes = builder.image();
  EXPECT_EQ(bytes.size(), 472u);
  EXPECT_EQ(to_hex(bytes.substr(8, 32)),
            "8edd02f0f636bf92085161ebe52ded02498d7b373eaf44ed14fb4d5b3b9eef16");
  EXPECT_EQ(to_hex(bytes.substr(0x180, 16)), "00000000020000000200000004000000");
}

TEST_F(CatalogTest, WholeNumbersComeBackExact) {
  const FeatureSpace& space = spotify_v1();
  const std::size_t key = space.find("key").value(), tempo = space.find("tempo").value();
  const std::size_t mode = space.find("mode").value();
  for (int i = -1; i <= 11; ++i)
    EXPECT_EQ(space.value(key, space.quantise(key, static_cast<float>(i))), i);
  for (int i = 0; i <= 1; ++i)
    EXPECT_EQ(space.value(mode, space.quantise(mode, static_cast<float>(i))), i);
  for (int i = 0; i <= 255; ++i)
    EXPECT_EQ(space.value(tempo, space.quantise(tempo, static_cast<float>(i))), i);
  EXPECT_FALSE(space.find("danceabilty"));
}

TEST_F(CatalogTest, FeaturesOutOfRangeAreClamped) {
  const FeatureSpace& space = spotify_v1();
  const std::size_t energy = space.find("energy").value();
  EXPECT_EQ(space.quantise(energy, -5), 0);
  EXPECT_EQ(space.quantise(energy, 7), 65535);
  EXPECT_EQ(space.quantise(energy, std::numeric_limits<float>::infinity()), 65535);
  EXPECT_EQ(space.quantise(energy, std::numeric_limits<float>::quiet_NaN()), 0);
}

TEST_F(CatalogTest, EverySongIsFoundAndNothingElse) {
  std::vector<SongRecord> songs;
  for (int i = 0; i < 500; i += 2) songs.push_back(test::song(i));
  const Catalog catalog = written(songs);
  for (SongIndex i = 0; i < catalog.size(); ++i) EXPECT_EQ(catalog.find(catalog.id(i)), i);
  for (int i = 1; i < 500; i += 2) EXPECT_FALSE(catalog.find(test::song(i).id));
  EXPECT_FALSE(catalog.find(""));
  EXPECT_FALSE(catalog.find("zzzz"));
}

TEST_F(CatalogTest, TheSameSongsInAnyOrderGiveTheSameBytes) {
  std::vector<SongRecord> songs;
  for (int i = 0; i < 200; ++i) songs.push_back(test::song(i));
  const std::string once = image(songs);
  for (unsigned seed = 0; seed < 10; ++seed) {
    std::mt19937 random(seed);
    for (std::size_t i = songs.size() - 1; i > 0; --i) std::swap(songs[i], songs[random() % i]);
    EXPECT_EQ(image(songs), once) << "seed " << seed;
  }
}

TEST_F(CatalogTest, ARepeatedIdReplacesTheSong) {
  CatalogBuilder builder(spotify_v1());
  SongRecord again = test::song(5);
  again.title = "Better";
  EXPECT_TRUE(builder.add(test::song(5)));
  EXPECT_FALSE(builder.add(again));
  EXPECT_EQ(builder.size(), 1u);
  EXPECT_EQ(builder.image(), image({again}));
}

TEST_F(CatalogTest, TheDigestIsWhatWriteAnswers) {
  CatalogBuilder builder(spotify_v1());
  builder.add(test::song(1));
  const Digest digest = builder.write(file()).value();
  EXPECT_EQ(Catalog::open(file()).value().digest(), digest);
  builder.add(test::song(2));
  EXPECT_NE(builder.write(file()).value(), digest);
}

TEST_F(CatalogTest, NoSongsMakeNoCatalogue) {
  EXPECT_EQ(CatalogBuilder(spotify_v1()).write(file()).error().code, Errc::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(CatalogTest, AnUnwritableFolderIsSaidAndNothingIsLeft) {
  CatalogBuilder builder(spotify_v1());
  builder.add(test::song(1));
  EXPECT_EQ(builder.write(folder_ / "absent/catalog").error().code, Errc::kUnavailable);
  std::filesystem::create_directory(folder_ / "taken");
  EXPECT_EQ(builder.write(folder_ / "taken").error().code, Errc::kUnavailable);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(CatalogTest, AMissingFileIsNotFound) {
  EXPECT_EQ(Catalog::open(folder_ / "absent").error().code, Errc::kNotFound);
}

TEST_F(CatalogTest, EveryFlippedByteIsRefused) {
  const std::string good = image({test::song(1), test::song(2)});
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    const auto catalog = opened(bad);
    ASSERT_FALSE(catalog) << "byte " << i;
    ASSERT_EQ(catalog.error().code, Errc::kCorrupt) << "byte " << i;
  }
}

TEST_F(CatalogTest, EveryCutAndEveryAddedByteIsRefused) {
  const std::string good = image({test::song(1), test::song(2)});
  for (std::size_t size = 0; size < good.size(); ++size)
    ASSERT_FALSE(opened(good.substr(0, size))) << "cut to " << size;
  EXPECT_FALSE(opened(good + '\0'));
}

// With a digest that fits, each byte in turn set to values that push offsets and counts around: the
// reader refuses, or gives songs whose every field can be read.
TEST_F(CatalogTest, AHostileFileWithTheRightDigestIsNeverReadOutOfBounds) {
  const std::string good = image({test::song(1), test::song(2), test::song(3)});
  int refused = 0;
  for (std::size_t i = catalog_layout::kHeaderBytes; i < good.size(); ++i) {
    for (const int value : {0x00, 0x01, 0x7f, 0xff}) {
      std::string bad = good;
      bad[i] = static_cast<char>(value);
      const auto catalog = opened(resealed(bad));
      if (!catalog) {
        ++refused;
        continue;
      }
      for (SongIndex song = 0; song < catalog->size(); ++song) {
        EXPECT_EQ(catalog->find(catalog->id(song)), song);
        EXPECT_FALSE(describe(*catalog, song).empty());
        EXPECT_EQ(catalog->features(song).size(), catalog->space().features.size());
      }
    }
  }
  EXPECT_GT(refused, 500);
}

TEST_F(CatalogTest, SectionsOfALaterFormatAreLeftAlone) {
  std::string bytes = image({test::song(1)});
  // The table's last entry, FEAT, is told twice more: once as a new tag, once as itself.
  const std::size_t count_at = catalog_layout::kHeaderBytes + 8;
  const auto sections = read_le<std::uint32_t>(bytes, count_at);
  const std::size_t end =
      catalog_layout::kHeaderBytes + catalog_layout::kCountsBytes + 24 * sections;
  const auto with_entry = [&](std::string_view tag) {
    std::string more = bytes;
    std::string entry = std::string(tag) + std::string(4, '\0');
    append_le(entry, std::uint64_t{0});
    append_le(entry, std::uint64_t{8});
    more.insert(end, entry);
    for (std::size_t i = 0; i < sections; ++i) {
      const std::size_t at = catalog_layout::kHeaderBytes + catalog_layout::kCountsBytes + 24 * i;
      std::string offset;
      append_le(offset, read_le<std::uint64_t>(more, at + 8) + 24);
      more.replace(at + 8, 8, offset);
    }
    more[count_at] = static_cast<char>(sections + 1);
    return resealed(more);
  };
  EXPECT_TRUE(opened(with_entry("LATE")));
  const auto twice = opened(with_entry("FEAT"));
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, HasSubstr("twice"));
}

}  // namespace
}  // namespace groove
