#include "gateway/core/range.h"

#include <gtest/gtest.h>

namespace groove::gateway {
namespace {

constexpr std::string_view kTag = "\"abc\"";

RangeChoice ask(const std::string& range, const std::string& only_if = "") {
  Request request;
  request.headers.push_back({"Range", range});
  if (!only_if.empty()) request.headers.push_back({"If-Range", only_if});
  return choose_range(request, 1'000, kTag);
}

void expect_part(const std::string& range, std::uint64_t first, std::uint64_t count) {
  const RangeChoice choice = ask(range);
  EXPECT_EQ(choice.status, 206) << range;
  EXPECT_EQ(choice.range, (ByteRange{first, count})) << range;
}

// RFC 9110, 14.1.2 has most of these.
TEST(RangeTest, PartsAreCutToTheBody) {
  expect_part("bytes=0-499", 0, 500);
  expect_part("bytes=500-999", 500, 500);
  expect_part("bytes=500-", 500, 500);
  expect_part("bytes=-500", 500, 500);
  expect_part("bytes=-2000", 0, 1'000);
  expect_part("bytes=999-99999999999", 999, 1);
  expect_part("BYTES=0-0", 0, 1);
  expect_part("bytes=0-18446744073709551615", 0, 1'000);
}

TEST(RangeTest, WhatIsNoRangeIsTheWhole) {
  for (const char* range : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "lines=0-1",
                            "bytes=0-1,5-6", "bytes=+0-1", "bytes=0x1-2", "bytes=1 - 2",
                            "bytes=99999999999999999999-", "bytes=0-99999999999999999999"})
    EXPECT_EQ(ask(range).status, 200) << range;
  EXPECT_EQ(ask("").range, (ByteRange{0, 1'000}));
}

TEST(RangeTest, APartBeyondTheBodyIsNone) {
  EXPECT_EQ(ask("bytes=1000-").status, 416);
  EXPECT_EQ(ask("bytes=-0").status, 416);
  EXPECT_EQ(content_range(ask("bytes=1000-"), 1'000), "bytes */1000");
  EXPECT_EQ(content_range(ask("bytes=10-19"), 1'000), "bytes 10-19/1000");
}

TEST(RangeTest, AnEmptyBodyHasNoParts) {
  Request request;
  EXPECT_EQ(choose_range(request, 0, kTag).status, 200);
  request.headers.push_back({"Range", "bytes=0-"});
  EXPECT_EQ(choose_range(request, 0, kTag).status, 416);
}

TEST(RangeTest, IfRangeAsksForThePartOnlyOfTheSameFile) {
  EXPECT_EQ(ask("bytes=0-9", "\"abc\"").status, 206);
  EXPECT_EQ(ask("bytes=0-9", "\"abd\"").status, 200);
  EXPECT_EQ(ask("bytes=0-9", "W/\"abc\"").status, 200) << "only the strong comparison counts";
  EXPECT_EQ(ask("bytes=0-9", "Wed, 21 Oct 2015 07:28:00 GMT").status, 200);
}

TEST(RangeTest, WhoHasItIsToldSo) {
  Request request;
  request.headers.push_back({"If-None-Match", "\"x\", W/\"abc\""});
  EXPECT_EQ(choose_range(request, 1'000, kTag).status, 304);
  request.headers[0].value = "*";
  EXPECT_EQ(choose_range(request, 1'000, kTag).status, 304);
  request.headers[0].value = "\"x\"";
  EXPECT_EQ(choose_range(request, 1'000, kTag).status, 200);
}

}  // namespace
}  // namespace groove::gateway
