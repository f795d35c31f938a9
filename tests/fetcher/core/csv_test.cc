#include "fetcher/core/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Row {
  std::uint64_t line;
  std::vector<std::string> fields;
  std::string error;
  bool operator==(const Row&) const = default;
};

// For the messages of a failing test.
std::ostream& operator<<(std::ostream& out, const Row& row) {
  out << row.line << ':' << row.error;
  for (const std::string& field : row.fields) out << '[' << field << ']';
  return out;
}

// All rows, when the text comes in pieces of the sizes that `size` gives.
template <class Size>
std::vector<Row> rows_in_pieces(std::string_view text, Size size) {
  CsvReader reader;
  std::vector<Row> rows;
  const auto take = [&] {
    while (const auto row = reader.next())
      rows.push_back(
          {row->line, {row->fields.begin(), row->fields.end()}, std::string(row->error)});
  };
  while (!text.empty()) {
    const std::size_t piece = std::min<std::size_t>(size(), text.size());
    reader.feed(text.substr(0, piece));
    text.remove_prefix(piece);
    take();
  }
  reader.finish();
  take();
  return rows;
}

std::vector<Row> rows(std::string_view text) {
  return rows_in_pieces(text, [&] { return text.size(); });
}

std::vector<std::string> only_row(std::string_view text) {
  const std::vector<Row> all = rows(text);
  EXPECT_THAT(all, SizeIs(1)) << text;
  return all.empty() ? std::vector<std::string>{} : all[0].fields;
}

TEST(CsvTest, PlainFieldsAndLineEnds) {
  for (const char* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\nc,d", "a,b\r\nc,d\r"})
    EXPECT_THAT(rows(text), ElementsAre(Row{1, {"a", "b"}, ""}, Row{2, {"c", "d"}, ""})) << text;
  EXPECT_THAT(only_row(","), ElementsAre("", ""));
  EXPECT_THAT(only_row("a,,c"), ElementsAre("a", "", "c"));
  EXPECT_THAT(only_row("a\rb,c"), ElementsAre("a\rb", "c"));
}

TEST(CsvTest, QuotedFieldsHoldCommasQuotesAndLineBreaks) {
  EXPECT_THAT(only_row(R"("a,b","say ""hi""","")"), ElementsAre("a,b", R"(say "hi")", ""));
  EXPECT_THAT(only_row("\"two\nlines\",x\n"), ElementsAre("two\nlines", "x"));
  EXPECT_THAT(only_row("\"\"\"\"\r\n"), ElementsAre("\""));
  EXPECT_THAT(only_row("\"['A', \"\"B'C\"\"]\",1"), ElementsAre("['A', \"B'C\"]", "1"));
}

TEST(CsvTest, AQuoteWithinAPlainFieldIsText) {
  EXPECT_THAT(only_row("7\" single,it\"s"), ElementsAre("7\" single", "it\"s"));
}

TEST(CsvTest, LinesAreCountedThroughQuotedLineBreaks) {
  const auto all = rows("h\n\"a\n\nb\"\n\r\nlast\n");
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[1].line, 2u);
  EXPECT_EQ(all[2].line, 6u);
}

TEST(CsvTest, AByteOrderMarkAndEmptyLinesAreSkipped) {
  EXPECT_THAT(rows("\xef\xbb\xbfid,name\n"), ElementsAre(Row{1, {"id", "name"}, ""}));
  EXPECT_THAT(rows("\n\r\n\na\n\n"), ElementsAre(Row{4, {"a"}, ""}));
  EXPECT_THAT(rows("\xef\xbb\xbf"), IsEmpty());
  EXPECT_THAT(rows(""), IsEmpty());
  EXPECT_THAT(rows("\r"), IsEmpty());
}

TEST(CsvTest, AStrayQuoteCostsOneRow) {
  const auto all = rows("h,h\n\"a\"b,c\nd,e\n");
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[1], (Row{2, {}, "text follows a closing quote"}));
  EXPECT_EQ(all[2], (Row{3, {"d", "e"}, ""}));
}

TEST(CsvTest, AnUnclosedQuoteAtTheEndCostsOneRow) {
  const auto all = rows("h,h\n\"a,b\nc,d\n");
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[1], (Row{2, {}, "a quoted field does not end"}));
  EXPECT_EQ(all[2], (Row{3, {"c", "d"}, ""}));
}

TEST(CsvTest, AnUnclosedQuoteFarFromTheEndCostsOneRow) {
  std::string text = "h,h\n\"a,b\n";
  for (int i = 0; i < 40'000; ++i) text += "c,d\n";
  const auto all = rows(text);
  ASSERT_THAT(all, SizeIs(40'002));
  EXPECT_EQ(all[1].line, 2u);
  EXPECT_NE(all[1].error, "");
  EXPECT_EQ(all.back(), (Row{40'002, {"c", "d"}, ""}));
}

TEST(CsvTest, ALineThatIsTooLongIsOneBadRow) {
  const std::string longest(limits::kCsvRowBytesMax - 1, 'x');
  EXPECT_THAT(only_row(longest + "\n"), ElementsAre(longest));
  std::string text(5 * limits::kCsvRowBytesMax, 'x');
  text += "\na,b\n";
  const auto all = rows(text);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_NE(all[0].error, "");
  EXPECT_EQ(all[1], (Row{2, {"a", "b"}, ""}));
}

// Whatever fields there are, written as the RFC says, they are read back.
TEST(CsvTest, WhatIsWrittenIsRead) {
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::string> fields(1 + random() % 5);
    std::string text;
    for (std::string& field : fields) {
      field.resize(random() % 6);
      for (char& c : field) c = "ab,\"\n\r '"[random() % 8];
      std::string quoted;
      for (const char c : field) quoted.append(c == '"' ? 2 : 1, c);
      if (!text.empty()) text += ',';
      text.append("\"").append(quoted).append("\"");
    }
    EXPECT_EQ(only_row(text + (random() % 2 == 0 ? "\n" : "")), fields) << "round " << round;
  }
}

// How the text is cut into pieces must not show.
TEST(CsvTest, AnyCutsGiveTheSameRows) {
  std::mt19937 random(5);
  for (int round = 0; round < 5'000; ++round) {
    std::string text(random() % 60, ' ');
    for (char& c : text) c = "ab,\"\n\r\xef"[random() % 7];
    if (round % 3 == 0) text.insert(0, "\xef\xbb\xbf");
    const auto whole = rows(text);
    EXPECT_EQ(rows_in_pieces(text, [] { return 1U; }), whole) << "round " << round;
    EXPECT_EQ(rows_in_pieces(text, [&] { return 1U + random() % 7; }), whole) << "round " << round;
  }
}

}  // namespace
}  // namespace groove::fetcher
