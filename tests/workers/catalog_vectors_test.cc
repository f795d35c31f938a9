#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/workers/catalog_bytes.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"

namespace groove {
namespace {

using test::opened, test::resealed;
using testing::ElementsAreArray;
using testing::HasSubstr;

// Every third song has none.
SongRecord song_with_vector(int number) {
  SongRecord record = test::song(number);
  if (number % 3 != 0)
    for (int i = 0; i < 5; ++i)
      record.sound_vector.push_back(static_cast<std::int16_t>(number * 100 - i * 30'000 / 5));
  return record;
}

std::string image(int songs) {
  CatalogBuilder builder(spotify_v1());
  for (int i = songs; i-- > 0;) builder.add(song_with_vector(i));
  return builder.image();
}

std::size_t section_at(const std::string& bytes) {
  return read_le<std::uint64_t>(bytes, bytes.find(catalog_layout::kVectors) + 8);
}

std::string with(std::string bytes, std::size_t at, std::uint32_t value) {
  std::string written;
  append_le(written, value);
  return resealed(bytes.replace(at, written.size(), written));
}

TEST(CatalogVectorsTest, EachSongHasTheVectorItWasGivenOrNone) {
  const auto catalog = opened(image(20));
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(catalog->sound_vector_dims(), 5u);
  for (SongIndex song = 0; song < catalog->size(); ++song)
    EXPECT_THAT(catalog->sound_vector(song),
                ElementsAreArray(song_with_vector(static_cast<int>(song)).sound_vector));
}

TEST(CatalogVectorsTest, WithoutVectorsTheBytesAreThoseOfACatalogueThatNeverHeardOfThem) {
  CatalogBuilder builder(spotify_v1());
  builder.add(test::song(3));
  EXPECT_EQ(builder.image().find(catalog_layout::kVectors), std::string::npos);
  EXPECT_TRUE(opened(builder.image())->sound_vector(0).empty());
}

TEST(CatalogVectorsTest, WhatIsWrongUnderAForgedDigestIsRefused) {
  const std::string good = image(6);
  const std::size_t at = section_at(good), rows = at + 8;
  for (const std::uint32_t dims : {0U, 4U, 6U, 129U, 0xffff'ffffU})
    EXPECT_FALSE(opened(with(good, at, dims))) << dims;
  for (const std::uint32_t count : {0U, 3U, 5U, 7U, 0xffff'ffffU})
    EXPECT_FALSE(opened(with(good, at + 4, count))) << count;
  for (const std::uint32_t row : {1U, 4U, 0xffff'ffffU})
    EXPECT_FALSE(opened(with(good, rows + 4, row))) << row;
  EXPECT_FALSE(opened(with(good, rows, 0))) << "a song without takes another's row";
  EXPECT_TRUE(opened(with(good, rows + 4 * 6, 77))) << "the values themselves are free";
}

}  // namespace
}  // namespace groove
