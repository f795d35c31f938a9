#include "gateway/core/wire.h"

#include <gtest/gtest.h>

#include <string>

#include "workers/base/limits.h"

namespace groove::gateway {
namespace {

int refused(std::string_view bytes) {
  const HeadScan scan = scan_head(bytes);
  return scan.refusal ? scan.refusal->status : 0;
}

std::string with_line(std::string_view line) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(line) + "\r\n\r\n";
}

TEST(WireTest, HeadIsFoundAtItsEmptyLineAndNotBefore) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    const HeadScan scan = scan_head(std::string_view(head).substr(0, cut));
    EXPECT_EQ(scan.size, 0U) << cut;
    EXPECT_FALSE(scan.refusal) << cut;
  }
  EXPECT_EQ(scan_head(head + "body").size, head.size());
}

TEST(WireTest, LinesThatReadersTakeDifferentlyAreRefused) {
  EXPECT_EQ(refused("GET / HTTP/1.1\nHost: a\n\n"), 400) << "bare LF";
  EXPECT_EQ(refused("\r\nGET / HTTP/1.1\r\n"), 400) << "an empty line first";
  EXPECT_EQ(refused(with_line("X: a\rb")), 400) << "bare CR";
  EXPECT_EQ(refused(with_line("X: a\r\n folded")), 400) << "folded line";
  EXPECT_EQ(refused(with_line("X : a")), 400) << "space before the colon";
  EXPECT_EQ(refused(with_line("no colon")), 400);
  EXPECT_EQ(refused(with_line(": empty name")), 400);
  EXPECT_EQ(refused(with_line(std::string_view("X: a\0b", 6))), 400) << "NUL";
}

TEST(WireTest, RequestLinesOutOfShapeAreRefused) {
  EXPECT_EQ(refused("GET  / HTTP/1.1\r\n"), 400);
  EXPECT_EQ(refused("GET /a b HTTP/1.1\r\n"), 400);
  EXPECT_EQ(refused("GET /\r\n"), 400);
  EXPECT_EQ(refused("G@T / HTTP/1.1\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/2.0\r\n"), 505);
  EXPECT_EQ(refused("GET / FTP/1.1\r\n"), 400);
}

TEST(WireTest, EachLimitHoldsToTheByte) {
  const std::string longest(limits::kHttpTargetBytesMax - 1, 'a');
  EXPECT_EQ(refused("GET /" + longest + " HTTP/1.1\r\n"), 0);
  EXPECT_EQ(refused("GET /" + longest + "a HTTP/1.1\r\n"), 414);
  EXPECT_EQ(refused("GET /" + std::string(limits::kHttpHeaderBytesMax, 'a')), 414);

  const std::string start = "GET / HTTP/1.1\r\nX: ", end = "\r\n\r\n";
  const std::string fill(limits::kHttpHeaderBytesMax - start.size() - end.size(), 'a');
  EXPECT_EQ(scan_head(start + fill + end).size, limits::kHttpHeaderBytesMax);
  EXPECT_EQ(refused(start + fill + "a" + end), 431);
}

TEST(WireTest, SixtyFourFieldsAreTheMost) {
  std::string head = "GET / HTTP/1.1\r\n";
  for (std::size_t i = 0; i < kHeaderFieldsMax; ++i) head += "X: 1\r\n";
  EXPECT_EQ(refused(head + "\r\n"), 0);
  EXPECT_EQ(refused(head + "X: 1\r\n\r\n"), 431);
}

int framing(std::vector<Field> headers) {
  const auto refusal = refuse_framing(*make_request("POST", "/", std::move(headers)));
  return refusal ? refusal->status : 0;
}

TEST(WireTest, BodiesHaveOneLengthThatEveryReaderAgreesOn) {
  EXPECT_EQ(framing({{"Host", "a"}, {"Content-Length", "3"}}), 0);
  EXPECT_EQ(framing({{"Host", "a"}}), 0);
  EXPECT_EQ(framing({{"Host", "a"}, {"Content-Length", "3"}, {"Content-Length", "3"}}), 400);
  EXPECT_EQ(framing({{"Host", "a"}, {"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}),
            400);
  EXPECT_EQ(framing({{"Host", "a"}, {"Transfer-Encoding", "chunked"}}), 411);
  EXPECT_EQ(framing({{"Host", "a"}, {"Transfer-Encoding", "xchunked"}}), 411);
  for (const char* length : {"", "+3", "-1", "3, 3", "0x3", "3 3", "9999999999999999999"})
    EXPECT_EQ(framing({{"Host", "a"}, {"Content-Length", length}}), 400) << length;
}

TEST(WireTest, ExactlyOneHost) {
  EXPECT_EQ(framing({}), 400);
  EXPECT_EQ(framing({{"Host", "a"}, {"host", "a"}}), 400);
}

}  // namespace
}  // namespace groove::gateway
