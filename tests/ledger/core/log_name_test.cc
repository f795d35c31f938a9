// The names of logs in paths: each reads back as it is written, and nothing else is one.
#include "ledger/core/log_name.h"

#include <gtest/gtest.h>

namespace groove::ledger {
namespace {

TEST(LogNameTest, EachNameReadsBackAsItIsWritten) {
  for (const LogName& name : {LogName{"", 1}, LogName{"", 2}, LogName{"", 10},
                              LogName{"logs/00", 1}, LogName{"logs/63", 1}, LogName{"logs/03", 12}})
    EXPECT_EQ(parse_log_name(name.text()), name) << name.text();
  EXPECT_EQ(parse_log_name("logs/03/1"), (LogName{"logs/03", 1}));
  EXPECT_EQ(parse_log_name("1"), LogName{});
}

TEST(LogNameTest, WhatIsNoNameIsRefused) {
  for (const char* text :
       {"0",      "02",       "-1",        "+2",       "2/3",       "logs",       "logs/",
        "logs/3", "logs/003", "logs/0x",   "logs/03/", "logs/03/0", "logs/03/02", "../2",
        "2/..",   "/2",       "logs/../2", "1234567",  "log",       "2 "})
    EXPECT_EQ(parse_log_name(text), std::nullopt) << text;
}

TEST(LogNameTest, PathIsSplitBehindTheName) {
  const auto split = [](std::string_view text) {
    const NamedPath out = split_log_name(text);
    return out.log.text() + "|" + std::string(out.path);
  };
  EXPECT_EQ(split("checkpoint"), "|checkpoint");
  EXPECT_EQ(split("tile/0/000"), "|tile/0/000");
  EXPECT_EQ(split("2/tile/0/000"), "2|tile/0/000");
  EXPECT_EQ(split("logs/03/vkey"), "logs/03|vkey");
  EXPECT_EQ(split("logs/03/2/tile/0/x001/000.p/3"), "logs/03/2|tile/0/x001/000.p/3");
  EXPECT_EQ(split("logs/03"), "|logs/03");
  EXPECT_EQ(split("../checkpoint"), "|../checkpoint");
  EXPECT_EQ(split("2/../checkpoint"), "2|../checkpoint");
}

}  // namespace
}  // namespace groove::ledger
