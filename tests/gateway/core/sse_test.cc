#include "gateway/core/sse.h"

#include <gtest/gtest.h>

namespace groove::gateway {
namespace {

TEST(SseTest, AnEventHasItsNameIdAndData) {
  EXPECT_EQ(sse_event("batch", "{\"a\":1}", 7), "event: batch\nid: 7\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(sse_event("progress", "x"), "event: progress\ndata: x\n\n");
}

TEST(SseTest, LineBreaksCannotStartAnotherField) {
  EXPECT_EQ(sse_event("a", "x\nid: 9\r\ny\rz"),
            "event: a\ndata: x\ndata: id: 9\ndata: y\ndata: z\n\n");
}

TEST(SseTest, OnlyAPlainNumberIsALastEventId) {
  EXPECT_EQ(parse_last_event_id("42"), 42U);
  for (const char* header : {"", "-1", "4 2", "x", "99999999999999999999999", "7\r\nX: 1"})
    EXPECT_EQ(parse_last_event_id(header), 0U) << header;
}

}  // namespace
}  // namespace groove::gateway
