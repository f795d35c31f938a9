#include "fetcher/core/python_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TEST(PythonListTest, EitherQuoteHoldsTheOther) {
  EXPECT_THAT(parse_list(R"(['A', "B'C", 'D"E'])"), Optional(ElementsAre("A", "B'C", "D\"E")));
  EXPECT_THAT(parse_list("['Suprême NTM', '宇多田']"),
              Optional(ElementsAre("Suprême NTM", "宇多田")));
}

TEST(PythonListTest, EscapesOfPythonAndOfJson) {
  EXPECT_THAT(parse_list(R"(['D\'E', "a\"b", 'back\\slash'])"),
              Optional(ElementsAre("D'E", "a\"b", "back\\slash")));
  EXPECT_THAT(parse_list(R"(['\xe9', '\u00e9', '\U0001F3B5', "\ud83c\udfb5"])"),
              Optional(ElementsAre("é", "é", "🎵", "🎵")));
  EXPECT_THAT(parse_list(R"(['a\tb', 'P\q'])"), Optional(ElementsAre("a b", "P\\q")));
}

TEST(PythonListTest, BlanksAndALastCommaDoNotMatter) {
  EXPECT_THAT(parse_list(" [ 'a' , 'b' , ] "), Optional(ElementsAre("a", "b")));
  EXPECT_THAT(parse_list("[]"), Optional(IsEmpty()));
}

TEST(PythonListTest, WhatIsNotExactlyAListIsNone) {
  for (const char* text :
       {"", "[", "['a'", "['a' 'b']", "['a',,'b']", "[a]", "'a'", "['a'] x", "[,]", R"(['\x4'])",
        R"(['\ud800'])", R"(['\udfb5'])", R"(['\U00110000'])", R"(['\)", "['a]"})
    EXPECT_FALSE(parse_list(text)) << text;
}

}  // namespace
}  // namespace groove::fetcher
