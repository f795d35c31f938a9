#include "gateway/core/router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace groove::gateway {
namespace {

TEST(RouterTest, EveryRuleFindsItself) {
  for (const RouteRule& rule : route_rules()) {
    std::string path(rule.pattern);
    if (const std::size_t brace = path.find('{'); brace != path.npos)
      path.replace(brace, path.find('}') + 1 - brace, "some-id");
    const auto match = find_route(rule.method, path);
    ASSERT_TRUE(match.has_value()) << path;
    EXPECT_EQ(match->route, rule.route) << path;
  }
}

TEST(RouterTest, ParametersAreDecoded) {
  EXPECT_EQ(find_route("GET", "/api/tracks/a%2Fb")->parameters, std::vector<std::string>{"a/b"});
  EXPECT_FALSE(find_route("GET", "/api/tracks/").has_value());
  EXPECT_FALSE(find_route("GET", "/api/tracks/a/b").has_value());
  EXPECT_FALSE(find_route("GET", "/api/tracks/%zz").has_value());
}

TEST(RouterTest, WrongMethodIsToldWhichAreRight) {
  const auto match = find_route("PUT", "/api/session");
  ASSERT_FALSE(match.has_value());
  EXPECT_EQ(match.error().status, 405);
  const auto allow = std::ranges::find(match.error().headers, "Allow", &Field::name);
  ASSERT_NE(allow, match.error().headers.end());
  EXPECT_EQ(allow->value, "POST, GET, HEAD, DELETE");
}

TEST(RouterTest, HeadGoesWhereGetGoes) {
  EXPECT_EQ(find_route("HEAD", "/api/map")->route, Route::kMap);
  EXPECT_EQ(find_route("HEAD", "/api/feedback").error().status, 405);
}

TEST(RouterTest, WhatIsNotOfTheApiMayBeThePages) {
  EXPECT_EQ(find_route("GET", "/assets/index-1a2b.js")->route, Route::kSite);
  EXPECT_EQ(find_route("GET", "/api/nothing").error().status, 404);
  EXPECT_EQ(find_route("GET", "/api").error().status, 404);
}

// openapi.yaml's paths and methods, read by its indentation: a path is a line of two spaces, a
// method below it one of four.
std::set<std::string> described() {
  std::ifstream file("gateway/openapi.yaml");
  std::set<std::string> found;
  std::string path;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("  /") && line.ends_with(":")) path = line.substr(2, line.size() - 3);
    if (line.starts_with("components:")) break;
    for (const char* method : {"get", "post", "delete", "put", "patch"})
      if (line == "    " + std::string(method) + ":") found.insert(method + (" " + path));
  }
  return found;
}

TEST(RouterTest, TheTableIsWhatOpenapiDescribes) {
  std::set<std::string> served;
  for (const RouteRule& rule : route_rules()) {
    std::string method(rule.method);
    std::ranges::transform(method, method.begin(), [](char c) { return c | 0x20; });
    served.insert(method + " " + std::string(rule.pattern));
  }
  EXPECT_EQ(served, described());
}

}  // namespace
}  // namespace groove::gateway
