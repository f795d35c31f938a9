#include "workers/base/percent.h"

#include <gtest/gtest.h>

namespace groove {
namespace {

TEST(PercentTest, OnlyUnreservedCharactersStay) {
  EXPECT_EQ(percent_encode("AZaz09-_.~"), "AZaz09-_.~");
  EXPECT_EQ(percent_encode("http://127.0.0.1:8080/a b&c=d+e"),
            "http%3A%2F%2F127.0.0.1%3A8080%2Fa%20b%26c%3Dd%2Be");
  EXPECT_EQ(percent_encode("\xc3\xa9%"), "%C3%A9%25");
}

}  // namespace
}  // namespace groove
