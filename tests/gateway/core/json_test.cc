#include "gateway/core/json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <random>

namespace groove::gateway {
namespace {

std::string error_of(std::string_view text) {
  const auto value = parse_json(text);
  return value ? "" : value.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonTest, OneValueAndNothingAfterIt) {
  EXPECT_EQ(error_of(R"({"a":[1,"b",null,true]})"), "");
  for (const char* text : {"", "{", "{}x", "{'a':1}", "[1,]", "{\"a\":1,}", "nul", "\"\xff\"",
                           "// c\n1", "\"\\ud800\"", "01", "[1] [2]"})
    EXPECT_NE(error_of(text), "") << text;
}

TEST(JsonTest, SixteenDeepIsTheDeepest) {
  EXPECT_EQ(error_of(nested(kJsonDepthMax)), "");
  EXPECT_NE(error_of(nested(kJsonDepthMax + 1)), "");
  EXPECT_NE(error_of(nested(10'000)), "");
}

TEST(JsonTest, AKeyGivenTwiceIsNamed) {
  EXPECT_NE(error_of(R"({"a":1,"b":{"c":1,"c":2}})").find("\"c\""), std::string::npos);
  EXPECT_NE(error_of(R"({"a":1,"\u0061":2})"), "") << "the same key, spelled differently";
  EXPECT_EQ(error_of(R"([{"a":1},{"a":2}])"), "") << "of two objects";
}

TEST(JsonWriterTest, WritesWhatItReads) {
  JsonWriter json;
  json.object([&] {
    json.field("text", "a\"b\\c\n\x01é");
    json.field("yes", true);
    json.array_field("list", [&] {
      json.value(1);
      json.value("x");
      json.null();
      json.object([] {});
      json.array([] {});
    });
    json.key("part");
    json.thousandths(-42);
  });
  EXPECT_EQ(json.take(),
            "{\"text\":\"a\\\"b\\\\c\\n\\u0001é\",\"yes\":true,"
            "\"list\":[1,\"x\",null,{},[]],\"part\":-0.042}");
}

TEST(JsonWriterTest, ThousandthsKeepTheirZeros) {
  for (const auto& [number, text] : std::vector<std::pair<std::int64_t, std::string>>{
           {0, "0.000"}, {1, "0.001"}, {731, "0.731"}, {1000, "1.000"}, {-12345, "-12.345"}}) {
    JsonWriter json;
    json.thousandths(number);
    EXPECT_EQ(json.take(), text);
  }
}

TEST(JsonWriterTest, WhateverTheBytesTheTextIsJson) {
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    JsonWriter json;
    json.value(bytes);
    const std::string text = json.take();
    boost::system::error_code error;
    boost::json::parse({text.data(), text.size()}, error);
    ASSERT_FALSE(error) << "seed 7, round " << round << ": " << text;
  }
}

}  // namespace
}  // namespace groove::gateway
