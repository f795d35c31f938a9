#include "gateway/core/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace groove::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ReplyTest, AProblemSaysWhatAndWhatToDo) {
  const Reply reply = problem(404, "No \"song\"", ",\"unknown\":[\"x\"]");
  EXPECT_EQ(reply.body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
            "\"detail\":\"No \\\"song\\\"\",\"unknown\":[\"x\"]}");
}

TEST(ReplyTest, EveryAnswerIsGuardedAndNotStored) {
  const std::string text = head(json_reply(200, "{}"), {});
  EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self';"));
  EXPECT_THAT(text, HasSubstr("media-src 'self'; frame-ancestors 'none'"));
  EXPECT_THAT(text, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(text, HasSubstr("Referrer-Policy: no-referrer\r\n"));
  EXPECT_THAT(text, HasSubstr("Cross-Origin-Opener-Policy: same-origin\r\n"));
  EXPECT_THAT(text, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\n"));
}

TEST(ReplyTest, AnAnswersOwnCachingStands) {
  Reply reply;
  reply.headers.push_back({"cache-control", "no-cache"});
  EXPECT_THAT(head(reply, {}), Not(HasSubstr("no-store")));
}

TEST(ReplyTest, WhatHasNoBodyHasNoLength) {
  EXPECT_THAT(head(Reply{204, {}, {}, nullptr}, {}), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head(Reply{}, {.keep_alive = false, .endless = true}),
              Not(HasSubstr("Content-Length")));
}

TEST(ReplyTest, ABodyFromElsewhereHasItsOwnLength) {
  EXPECT_THAT(head(Reply{206, {}, {}, nullptr}, {.length = 12'345'678'901}),
              HasSubstr("HTTP/1.1 206 Partial Content\r\n"));
  EXPECT_THAT(head(Reply{206, {}, {}, nullptr}, {.length = 12'345'678'901}),
              HasSubstr("Content-Length: 12345678901\r\n"));
}

}  // namespace
}  // namespace groove::gateway
