#include "workers/text.h"

#include <gtest/gtest.h>

#include <random>

#include "workers/base/utf8.h"

namespace groove {
namespace {

TEST(FoldTest, CaseAccentsWidthAndPunctuationDoNotMatter) {
  EXPECT_EQ(fold("Beyoncé – Déjà Vu!"), "beyonce deja vu");
  EXPECT_EQ(fold("ＡＢＣ　１２３"), "abc 123");
  EXPECT_EQ(fold("ﬁre"), "fire");
  EXPECT_EQ(fold("İstanbul ISTANBUL"), "istanbul istanbul");
  EXPECT_EQ(fold("  ...And Justice\tFor All...  "), "and justice for all");
}

TEST(FoldTest, LettersThatDoNotDecomposeAreSpelledOut) {
  EXPECT_EQ(fold("Mø Łódź Đorđe Æther Œuvre Þór Straße ﬄ"),
            "mo lodz dorde aether oeuvre thor strasse ffl");
  EXPECT_EQ(fold("SIGUR RÓS Hoppípolla, Motörhead, Ħal, kız"),
            "sigur ros hoppipolla motorhead hal kiz");
}

TEST(FoldTest, EveryScriptStays) {
  EXPECT_EQ(fold("宇多田ヒカル"), fold("宇多田ﾋｶﾙ"));
  EXPECT_EQ(fold("ДДТ"), "ддт");
  EXPECT_NE(fold("방탄소년단"), "");
}

TEST(FoldTest, BrokenBytesAreSeparators) {
  EXPECT_EQ(fold("a\xff\xfe"
                 "b"),
            "a b");
  EXPECT_EQ(fold("\xc3"), "");
  EXPECT_EQ(fold("\xed\xa0\x80x"), "x");
  EXPECT_EQ(fold(std::string_view("a\0b", 3)), "a b");
}

TEST(FoldTest, FoldingTwiceIsFoldingOnceForAnyBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = static_cast<char>(random());
    const std::string once = fold(text);
    EXPECT_TRUE(valid_utf8(once)) << "round " << round;
    EXPECT_EQ(fold(once), once) << "round " << round;
  }
}

TEST(FoldTitleTest, VersionsOfOneRecordingAreOneTitle) {
  for (const char* title :
       {"Heroes", "Heroes - Remastered 2017", "Heroes (Live at Leeds)", "Heroes - 2011 Remaster",
        "Heroes [feat. Nobody]", "Heroes - Radio Edit", "Heroes (Deluxe Edition)", "Heroes - Live",
        "Heroes – Single Version", "Heroes (Acoustic) - Mono", "Heroes (with Some Friends)",
        "Heroes - Ao Vivo"})
    EXPECT_EQ(fold_title(title), "heroes") << title;
}

TEST(FoldTitleTest, WhatIsPartOfTheNameStays) {
  EXPECT_EQ(fold_title("Live and Let Die"), "live and let die");
  EXPECT_EQ(fold_title("(I Can't Get No) Satisfaction"), "i can t get no satisfaction");
  EXPECT_EQ(fold_title("Blue Monday - Remix"), "blue monday remix");
  EXPECT_EQ(fold_title("(Live)"), "live");
  EXPECT_EQ(fold_title("Unclosed (Live"), "unclosed live");
  EXPECT_EQ(fold_title(""), "");
}

TEST(EditDistanceTest, KnownAnswers) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 9), 3u);
  EXPECT_EQ(edit_distance("teh", "the", 9), 1u);
  EXPECT_EQ(edit_distance("ca", "abc", 9), 3u);  // optimal string alignment, not the metric
  EXPECT_EQ(edit_distance("", "abc", 9), 3u);
  EXPECT_EQ(edit_distance("same", "same", 0), 0u);
}

// The plain definition, without limit and without reused rows.
std::size_t plain_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

TEST(EditDistanceTest, AgreesWithThePlainDefinitionUpToTheLimit) {
  std::mt19937 random(11);
  for (int round = 0; round < 5'000; ++round) {
    std::string a(random() % 9, ' '), b(random() % 9, ' ');
    for (char& c : a) c = static_cast<char>('a' + random() % 3);
    for (char& c : b) c = static_cast<char>('a' + random() % 3);
    const std::size_t limit = random() % 6;
    EXPECT_EQ(edit_distance(a, b, limit), std::min(plain_distance(a, b), limit + 1))
        << a << ' ' << b << ' ' << limit;
  }
}

TEST(Utf8Test, OnlyWellFormedTextPasses) {
  EXPECT_TRUE(valid_utf8("plain, é, 宇, 🎵, \xf4\x8f\xbf\xbf"));
  for (const char* bad :
       {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe5\xae", "\xc3(", "\xff"})
    EXPECT_FALSE(valid_utf8(bad));
}

}  // namespace
}  // namespace groove
