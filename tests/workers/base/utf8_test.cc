#include "workers/base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace groove {
namespace {

TEST(Utf8Test, WhatIsNotUtf8IsReplacedByteForByteAndTheRestStays) {
  for (const char* good : {"", "plain", "h\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\xB5"}) {
    EXPECT_TRUE(valid_utf8(good));
    EXPECT_EQ(mended_utf8(good), good);
  }
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(mended_utf8("caf\xE9!"), "caf" + mark + "!");
  EXPECT_EQ(mended_utf8("\xC3"), mark);
  EXPECT_EQ(mended_utf8("\xE2\x82x"), mark + mark + "x");
  EXPECT_EQ(mended_utf8("\xC0\xAF"), mark + mark) << "overlong";
  EXPECT_EQ(mended_utf8("\xED\xA0\x80"), mark + mark + mark) << "a surrogate";
}

TEST(Utf8Test, WhatIsMendedIsAlwaysValid) {
  std::uint32_t seed = 1;
  for (int round = 0; round < 10'000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      seed = seed * 1'664'525 + 1'013'904'223;
      text += static_cast<char>(seed >> 24);
    }
    const std::string mended = mended_utf8(text);
    ASSERT_TRUE(valid_utf8(mended)) << "round " << round;
    ASSERT_EQ(mended == text, valid_utf8(text)) << "round " << round;
  }
}

}  // namespace
}  // namespace groove
