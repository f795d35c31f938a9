#include "clusterer/core/npy.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "clusterer/core/ts_format.h"
#include "tests/clusterer/core/plain_series.h"

namespace groove::clusterer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string npy(std::string_view header, std::string_view data) {
  std::string out = "\x93NUMPY";
  out += '\x01';
  out += '\x00';
  out += static_cast<char>(header.size());
  out += '\x00';
  return out + std::string(header) + std::string(data);
}

std::vector<double> values(const NpyArray& array) {
  std::vector<double> out;
  for (std::size_t i = 0; i < array.size(); ++i) out.push_back(array[i]);
  return out;
}

TEST(Npy, SeriesOfDifferentLengthsComeBackAsTheyWere) {
  Random random(100);
  std::vector<Series> series;
  for (int i = 0; i < 7; ++i)
    series.push_back(plain::random_series(1 + random.below(9), 3, random));
  const std::string bytes = npy_of(series);
  const auto array = read_npy(bytes);
  ASSERT_TRUE(array) << array.error().message;
  EXPECT_EQ(series_of(*array).value(), series);
}

TEST(Npy, LabelsAreWholeNumbers) {
  const std::vector<std::uint32_t> labels = {3, 0, 70'000};
  const std::string bytes = npy_of(labels);
  const auto array = read_npy(bytes);
  ASSERT_TRUE(array);
  EXPECT_THAT(array->shape(), ElementsAre(3));
  EXPECT_THAT(values(*array), ElementsAre(3, 0, 70'000));
}

TEST(Npy, OtherOrdersAndTypesAreRead) {
  const std::string columns =
      npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "\x01\x04\x02\x05\x03\x06");
  const auto fortran = read_npy(columns);
  ASSERT_TRUE(fortran) << fortran.error().message;
  EXPECT_THAT(values(*fortran), ElementsAre(1, 2, 3, 4, 5, 6));
  const std::string swapped =
      npy("{\"descr\": \">i2\", \"fortran_order\": False, \"shape\": (2,), }",
          std::string_view("\x01\x00\xff\xff", 4));
  const auto big = read_npy(swapped);
  ASSERT_TRUE(big) << big.error().message;
  EXPECT_THAT(values(*big), ElementsAre(256, -1));
}

TEST(Npy, WhatIsCutIsRefusedAtEveryLength) {
  const std::vector<Series> series = {{1, {1, 2, 3}}, {1, {4, 5}}};
  const std::string whole = npy_of(series);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read_npy(std::string_view(whole).substr(0, length))) << length;
  EXPECT_FALSE(read_npy(whole + "x")) << "something behind";
}

TEST(Npy, WrongSeriesAreNamed) {
  const auto why = [](const std::vector<double>& values, std::string_view shape) {
    const std::string bytes =
        npy(fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': {}}}", shape),
            {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)});
    const auto series = series_of(read_npy(bytes).value());
    return series ? std::string() : series.error().message;
  };
  const double nan = std::nan("");
  EXPECT_THAT(why({1, 2, nan, nan}, "(2, 2, 1)"), HasSubstr("series 1 is empty"));
  EXPECT_THAT(why({1, nan, 2, 3}, "(1, 4)"), HasSubstr("series 0 has nan at step 1"));
  EXPECT_THAT(why({1, 2, 3, nan}, "(1, 2, 2)"),
              HasSubstr("ends at step 1 in some dimensions only"));
  EXPECT_THAT(why({1, INFINITY}, "(1, 2)"), HasSubstr("inf at step 1"));
  EXPECT_THAT(why({1, 2}, "(2,)"), HasSubstr("1 axes"));
  EXPECT_THAT(why({}, "(0, 5)"), HasSubstr("no values"));
}

TEST(Ts, DimensionsAndClassesAreRead) {
  const auto file = read_ts(
      "# comment\n@problemName Two\n@timeStamps false\n@classLabel true up down\n@data\n"
      "1,2,3:4,5,6:up\r\n7,8:9,1e1:down\n\n1,2:3,4:up\n");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(file->labels, ElementsAre(0, 1, 0));
  EXPECT_THAT(file->classes, ElementsAre("up", "down"));
  EXPECT_EQ(file->series[0], (Series{2, {1, 4, 2, 5, 3, 6}}));
  EXPECT_EQ(file->series[1].steps(), 2U);
}

TEST(Ts, WrongFilesAreRefusedByLine) {
  const auto why = [](std::string_view text) {
    const auto file = read_ts(text);
    return file ? std::string() : file.error().message;
  };
  EXPECT_THAT(why("1,2,3\n"), HasSubstr("line 1"));
  EXPECT_THAT(why("@problemName x\n"), HasSubstr("no @data"));
  EXPECT_THAT(why("@data\n"), HasSubstr("no series"));
  EXPECT_THAT(why("@data\n1,2:3\n"), HasSubstr("line 2: its dimensions have different lengths"));
  EXPECT_THAT(why("@data\n1,2:3,4\n1,2\n"), HasSubstr("line 3: 1 dimensions"));
  EXPECT_THAT(why("@data\n1,?\n"), HasSubstr("missing"));
  EXPECT_THAT(why("@data\n1,nan\n"), HasSubstr("not a number"));
  EXPECT_THAT(why("@data\n1,x\n"), HasSubstr("'x' is not a number"));
  EXPECT_THAT(why("@timeStamps true\n@data\n(0,1)\n"), HasSubstr("time stamps"));
}

TEST(SeriesSet, RefusesWhatCannotBeClustered) {
  const auto why = [](const std::vector<Series>& series) {
    const auto set = SeriesSet::from(series);
    return set ? std::string() : set.error().message;
  };
  EXPECT_THAT(why({}), HasSubstr("no series"));
  EXPECT_THAT(why({{1, {1}}, {2, {1, 2}}}), HasSubstr("series 1 has 2 dimensions"));
  EXPECT_THAT(why({{1, {1}}, {1, {}}}), HasSubstr("series 1 is empty"));
  EXPECT_THAT(why({{1, {1, 1e30F}}}), HasSubstr("at step 1"));
}

}  // namespace
}  // namespace groove::clusterer
