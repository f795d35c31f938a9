#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tests/workers/catalog_bytes.h"
#include "tests/workers/music_fixture.h"
#include "workers/base/limits.h"
#include "workers/catalog_builder.h"

namespace groove {
namespace {

using test::opened, test::resealed;
using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr std::size_t kDims = 3;

// Song i has i % 4 steps: every fourth has no series.
SongRecord song_with_series(int number) {
  SongRecord record = test::song(number);
  for (std::size_t i = 0; i < kDims * static_cast<std::size_t>(number % 4); ++i)
    record.series.push_back(static_cast<float>(number) - 0.25F * static_cast<float>(i));
  return record;
}

std::string image(int songs, std::size_t dims = kDims) {
  CatalogBuilder builder(spotify_v1(), dims);
  for (int i = songs; i-- > 0;) builder.add(song_with_series(i));
  return builder.image();
}

std::size_t section_at(const std::string& bytes) {
  const std::size_t entry = bytes.find(catalog_layout::kSeries);
  return read_le<std::uint64_t>(bytes, entry + 8);
}

template <class T>
std::string with(std::string bytes, std::size_t at, T value) {
  std::string written;
  append_le(written, value);
  return resealed(bytes.replace(at, written.size(), written));
}

std::string why_refused(const std::string& bytes) {
  const auto catalog = opened(bytes);
  EXPECT_FALSE(catalog);
  return catalog ? "" : catalog.error().message;
}

TEST(CatalogSeriesTest, EachSongHasTheSeriesItWasGivenOrNone) {
  const auto catalog = opened(image(50));
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(catalog->series_dims(), kDims);
  for (SongIndex song = 0; song < catalog->size(); ++song)
    EXPECT_THAT(catalog->series(song),
                ElementsAreArray(song_with_series(static_cast<int>(song)).series));
}

TEST(CatalogSeriesTest, WithoutSeriesTheBytesAreThoseOfACatalogueThatNeverHeardOfThem) {
  CatalogBuilder plain(spotify_v1()), able(spotify_v1(), kDims);
  for (int i = 0; i < 9; ++i) {
    plain.add(test::song(i));
    able.add(test::song(i));
  }
  EXPECT_EQ(able.image(), plain.image());
  const auto catalog = opened(plain.image());
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->series_dims(), 0u);
  EXPECT_TRUE(catalog->series(3).empty());
}

TEST(CatalogSeriesTest, ARepeatedIdReplacesTheSeriesToo) {
  CatalogBuilder builder(spotify_v1(), kDims);
  builder.add(song_with_series(3));
  builder.add(test::song(3));
  CatalogBuilder plain(spotify_v1());
  plain.add(test::song(3));
  EXPECT_EQ(builder.image(), plain.image());
}

TEST(CatalogSeriesTest, EveryFlippedOrCutByteIsRefused) {
  const std::string good = image(4);
  for (std::size_t i = section_at(good); i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    ASSERT_FALSE(opened(bad)) << "byte " << i;
    ASSERT_FALSE(opened(good.substr(0, i))) << "cut to " << i;
  }
}

TEST(CatalogSeriesTest, WhatIsWrongUnderAForgedDigestIsSaid) {
  const std::string good = image(4);
  const std::size_t at = section_at(good), starts = at + 8, values = starts + 8 * 5;
  for (const std::uint32_t dims : {0U, 1'025U, 2U, 0xffff'ffffU})
    EXPECT_THAT(why_refused(with(good, at, dims)), HasSubstr("series")) << dims;
  EXPECT_THAT(why_refused(with(good, starts, std::uint64_t{1})), HasSubstr("begin"));
  EXPECT_THAT(why_refused(with(good, starts + 16, std::uint64_t{9})), HasSubstr("length"));
  for (const std::uint64_t last :
       {std::uint64_t{5}, std::uint64_t{7}, std::uint64_t{1} << 62, ~std::uint64_t{0}})
    EXPECT_THAT(why_refused(with(good, starts + 8 * 4, last)), HasSubstr("series")) << last;
  for (const float bad : {std::numeric_limits<float>::infinity(), std::nanf("")})
    EXPECT_THAT(why_refused(with(good, values + 8, std::bit_cast<std::uint32_t>(bad))),
                HasSubstr("not a number"));
}

TEST(CatalogSeriesTest, AHostileSectionWithTheRightDigestIsNeverReadOutOfBounds) {
  const std::string good = image(4);
  int refused = 0;
  for (std::size_t i = good.find(catalog_layout::kSeries); i < good.size(); ++i) {
    for (const int value : {0x00, 0x01, 0x7f, 0xff}) {
      std::string bad = good;
      bad[i] = static_cast<char>(value);
      const auto catalog = opened(resealed(bad));
      refused += catalog ? 0 : 1;
      for (SongIndex song = 0; catalog && song < catalog->size(); ++song)
        for (const float heard : catalog->series(song)) EXPECT_TRUE(std::isfinite(heard));
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace groove
