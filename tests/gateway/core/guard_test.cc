#include "gateway/core/guard.h"

#include <gtest/gtest.h>

#include <array>

namespace groove::gateway {
namespace {

TEST(HostListTest, LoopbackIsServedOnItsPortOnly) {
  const HostList hosts(8080, {});
  EXPECT_TRUE(hosts.allows("127.0.0.1:8080"));
  EXPECT_TRUE(hosts.allows("LocalHost:8080"));
  EXPECT_TRUE(hosts.allows("[::1]:8080"));
  for (const char* host : {"", "localhost", "localhost:80", "127.0.0.1:80800", "evil.example:8080",
                           "localhost:8080.evil.example", "127.0.0.1:8080@evil.example",
                           "localhost:8080 ", "127.0.0.2:8080"})
    EXPECT_FALSE(hosts.allows(host)) << host;
}

TEST(HostListTest, FurtherNamesComeWithAPortOrWithoutOne) {
  const std::array<std::string, 2> names = {"Music.example", "other.example:443"};
  const HostList hosts(8080, names);
  EXPECT_TRUE(hosts.allows("music.example"));
  EXPECT_TRUE(hosts.allows("music.example:8080"));
  EXPECT_TRUE(hosts.allows("other.example:443"));
  EXPECT_FALSE(hosts.allows("other.example"));
  EXPECT_FALSE(hosts.allows("music.example:81"));
}

bool lets_in(const std::string& method, std::vector<Field> headers) {
  headers.push_back({"Host", "localhost:8080"});
  return !refuse_origin(*make_request(method, "/api/session", std::move(headers)));
}

TEST(OriginTest, AProgramThatIsNoBrowserIsLetIn) { EXPECT_TRUE(lets_in("POST", {})); }

TEST(OriginTest, TheOwnPageIsLetIn) {
  EXPECT_TRUE(lets_in("POST", {{"Origin", "http://localhost:8080"}}));
  EXPECT_TRUE(lets_in("POST", {{"Origin", "https://LOCALHOST:8080"}}));
  EXPECT_TRUE(lets_in("POST", {{"Sec-Fetch-Site", "same-origin"}}));
}

TEST(OriginTest, OtherSitesAreNot) {
  for (const char* origin :
       {"null", "", "http://localhost", "http://localhost:80801", "http://localhost:8080.evil",
        "http://evil.example", "http://xlocalhost:8080", "ftp://localhost:8080",
        "http://localhost:8080/", "http://127.0.0.1:8080"})
    EXPECT_FALSE(lets_in("POST", {{"Origin", origin}})) << origin;
  for (const char* site : {"cross-site", "same-site", "none", "", "SAME-ORIGIN, cross-site"})
    EXPECT_FALSE(lets_in("POST", {{"Sec-Fetch-Site", site}})) << site;
  EXPECT_FALSE(
      lets_in("POST", {{"Origin", "http://localhost:8080"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(
      lets_in("POST", {{"Origin", "http://localhost:8080"}, {"Origin", "http://evil.example"}}));
}

TEST(OriginTest, ReadingByHandIsLetInButNotFromAnotherSite) {
  EXPECT_TRUE(lets_in("GET", {{"Sec-Fetch-Site", "none"}}));
  EXPECT_FALSE(lets_in("GET", {{"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(lets_in("GET", {{"Origin", "http://evil.example"}}));
}

int type_status(std::vector<Field> headers) {
  constexpr std::array<std::string_view, 1> kTypes = {"application/json"};
  const auto refusal = refuse_type(*make_request("POST", "/", std::move(headers)), kTypes);
  return refusal ? refusal->status : 0;
}

TEST(TypeTest, OnlyTheNamedTypesUnpacked) {
  EXPECT_EQ(type_status({{"Content-Type", "application/json"}}), 0);
  EXPECT_EQ(type_status({{"Content-Type", "Application/JSON ; charset=utf-8"}}), 0);
  EXPECT_EQ(type_status({}), 415);
  EXPECT_EQ(type_status({{"Content-Type", "text/plain"}}), 415);
  EXPECT_EQ(type_status({{"Content-Type", "application/json, text/plain"}}), 415);
  EXPECT_EQ(type_status({{"Content-Type", "application/jsonx"}}), 415);
  EXPECT_EQ(type_status({{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}), 415);
}

TEST(UploadNameTest, StaysInItsFolderAndKeepsItsEnd) {
  EXPECT_EQ(upload_name("tracks.csv"), "tracks.csv");
  EXPECT_EQ(upload_name("My songs (1).csv.XZ"), "My-songs--1-.csv.XZ");
  EXPECT_EQ(upload_name("../../etc/tracks.csv"), "tracks.csv");
  EXPECT_EQ(upload_name("C:\\music\\tracks.zip"), "tracks.zip");
  EXPECT_EQ(upload_name("...hidden.csv"), "hidden.csv");
  for (const char* name : {"", ".csv", "-.csv", "tracks", "tracks.csv/", "tracks.exe", "a/.."})
    EXPECT_EQ(upload_name(name), std::nullopt) << name;
  EXPECT_EQ(upload_name(std::string(97, 'a') + ".csv"), std::nullopt);
}

}  // namespace
}  // namespace groove::gateway
