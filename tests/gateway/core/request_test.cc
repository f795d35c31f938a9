#include "gateway/core/request.h"

#include <gtest/gtest.h>

namespace groove::gateway {
namespace {

Request get(std::string_view target, std::vector<Field> headers = {}) {
  auto request = make_request("GET", target, std::move(headers));
  EXPECT_TRUE(request.has_value()) << target;
  return request.value_or(Request{});
}

TEST(RequestTest, PathAndQueryAreTakenApart) {
  const Request request = get("/api/tracks?q=d%C3%A9j%C3%A0+vu&limit=5&&x");
  EXPECT_EQ(request.path, "/api/tracks");
  EXPECT_EQ(request.parameter("q"), "d\u00e9j\u00e0 vu");
  EXPECT_EQ(request.parameter("limit"), "5");
  EXPECT_EQ(request.parameter("x"), "");
  EXPECT_EQ(request.parameter("y"), std::nullopt);
}

TEST(RequestTest, TargetsThatAreNotAPathAreRefused) {
  for (const char* target : {"", "*", "http://other.example/", "api", "/a b", "/\x01", "/é",
                             "/?q=%", "/?q=%4", "/?q=%zz", "/?q=%00"}) {
    EXPECT_FALSE(make_request("GET", target, {}).has_value()) << target;
  }
}

TEST(RequestTest, HeadersAreFoundWhateverTheirCase) {
  const Request request = get("/", {{"X-One", "1"}, {"x-ONE", "2"}});
  EXPECT_EQ(request.header("x-one"), "1");
  EXPECT_EQ(request.header_count("X-ONE"), 2U);
  EXPECT_EQ(request.header("x-two"), "");
}

TEST(RequestTest, CookieIsFoundAmongOthers) {
  EXPECT_EQ(get("/", {{"Cookie", "a=1; groove=t; b=2"}}).cookie("groove"), "t");
  EXPECT_EQ(get("/", {{"Cookie", "xgroove=1"}}).cookie("groove"), std::nullopt);
}

TEST(RequestTest, ACookieGivenTwiceIsNobodys) {
  EXPECT_EQ(get("/", {{"Cookie", "groove=a; groove=b"}}).cookie("groove"), std::nullopt);
  EXPECT_EQ(get("/", {{"Cookie", "groove=a"}, {"Cookie", "groove=b"}}).cookie("groove"),
            std::nullopt);
}

}  // namespace
}  // namespace groove::gateway
