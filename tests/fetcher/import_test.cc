#include "fetcher/import.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <random>

#include "tests/fetcher/songs_csv.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"
#include "workers/catalog.h"

namespace groove::fetcher {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class ImportTest : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  using Texts = std::vector<std::pair<std::string, std::string>>;

  // A file packed as asked: "raw" with one filter, or "zip" with all texts.
  std::filesystem::path packed(const std::string& name, const char* format, const char* filter,
                               const Texts& texts) const {
    archive* out = archive_write_new();
    EXPECT_EQ(archive_write_set_format_by_name(out, format), ARCHIVE_OK);
    if (filter != nullptr) {
      EXPECT_EQ(archive_write_add_filter_by_name(out, filter), ARCHIVE_OK);
    }
    EXPECT_EQ(archive_write_open_filename(out, (folder_ / name).c_str()), ARCHIVE_OK);
    for (const auto& [path, text] : texts) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, path.c_str());
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
      EXPECT_EQ(archive_write_header(out, entry), ARCHIVE_OK);
      EXPECT_EQ(archive_write_data(out, text.data(), text.size()),
                static_cast<la_ssize_t>(text.size()));
      archive_entry_free(entry);
    }
    archive_write_free(out);
    return folder_ / name;
  }

  Result<ImportReport> imported(const std::vector<std::filesystem::path>& files) const {
    Import import([](auto, auto) { return true; });
    for (const auto& each : files)
      if (const auto read = import.add(each); !read) return std::unexpected(read.error());
    return import.write(catalog());
  }
  std::string refusal(const std::vector<std::filesystem::path>& files) const {
    const auto report = imported(files);
    return report ? "accepted" : report.error().message;
  }
  std::string bytes() const { return read_file(catalog()).value(); }
  std::filesystem::path catalog() const { return folder_ / "catalog.groove"; }

  groove::test::TempDir folder_;
};

TEST_F(ImportTest, SongsOfAFileAreInTheCatalogue) {
  const auto report = imported({file("t.csv", test::songs(0, 100))}).value();
  EXPECT_EQ(report.songs, 100u);
  EXPECT_EQ(report.rows, 100u);
  EXPECT_EQ(report.bad, 0u);
  EXPECT_THAT(report.texts, SizeIs(1));
  EXPECT_EQ(report.texts[0].layout, "tracks.csv");
  const Catalog read = Catalog::open(catalog()).value();
  EXPECT_EQ(read.digest(), report.digest);
  const SongIndex song = read.find("id42").value();
  EXPECT_EQ(describe(read, song), "A42 & B – Title");
  EXPECT_EQ(read.year(song), 1999);
  EXPECT_NEAR(read.feature(song, read.space().find("tempo").value()), 120.5F, 0.01F);
}

TEST_F(ImportTest, PackedFilesGiveTheSameCatalogueAsPlainOnes) {
  const std::string text = test::songs(0, 3'000);
  ASSERT_TRUE(imported({file("t.csv", text)}));
  const std::string plain = bytes();
  const Texts one = {{"t.csv", text}};
  for (const char* filter : {"xz", "gzip", "zstd"}) {
    ASSERT_TRUE(imported({packed(std::string("t.") + filter, "raw", filter, one)})) << filter;
    EXPECT_EQ(bytes(), plain) << filter;
  }
  ASSERT_TRUE(imported({packed("t.zip", "zip", nullptr, one)}));
  EXPECT_EQ(bytes(), plain);
}

TEST_F(ImportTest, OfAZipTheTextsOfKnownLayoutsAreRead) {
  const auto file = packed("all.zip", "zip", nullptr,
                           {{"data/by_year.csv", "year,energy\n2000,0.5\n"},
                            {"data/a.csv", test::songs(0, 10)},
                            {"readme.txt", ""},
                            {"data/b.csv", test::songs(5, 20)}});
  const auto report = imported({file}).value();
  EXPECT_EQ(report.songs, 20u);
  EXPECT_EQ(report.merged, 5u);
  ASSERT_THAT(report.texts, SizeIs(2));
  EXPECT_EQ(report.texts[0].name, "all.zip/data/a.csv");
  EXPECT_EQ(report.texts[1].songs_new, 10u);
}

TEST_F(ImportTest, BadRowsAreCountedAndTheFirstTenAreTold) {
  std::string text = test::songs(0, 5);
  for (int i = 0; i < 12; ++i) text += "only,three,fields\n";
  text += "\"unclosed, and so on\n" + test::line(99);
  const auto report = imported({file("t.csv", text)}).value();
  EXPECT_EQ(report.songs, 6u);
  EXPECT_EQ(report.rows, 19u);
  EXPECT_EQ(report.bad, 13u);
  ASSERT_THAT(report.first_bad, SizeIs(10));
  EXPECT_EQ(report.first_bad[0].line, 7u);
  EXPECT_EQ(report.first_bad[0].reason, "3 fields where the header has 20");
  EXPECT_THAT(to_text(report, "c"), HasSubstr("t.csv line 7: 3 fields where the header has 20\n"));
  EXPECT_THAT(to_text(report, "c"), HasSubstr("and 3 more"));
}

TEST_F(ImportTest, TheReportIsThereForProgramsToo) {
  const auto report = imported({file("t.csv", test::songs(0, 5) + "caf\xe9 \x1b,x\n")}).value();
  const auto json = boost::json::parse(to_json(report, "the/catalogue")).as_object();
  EXPECT_EQ(json.at("catalog").as_string(), "the/catalogue");
  EXPECT_EQ(json.at("digest").as_string(), to_string(report.digest));
  EXPECT_EQ(json.at("songs").to_number<int>(), 5);
  EXPECT_EQ(json.at("bad_rows").to_number<int>(), 1);
  EXPECT_EQ(json.at("reasons").at(0).at("line").to_number<int>(), 7);
}

TEST_F(ImportTest, AnyOrderOfRowsGivesTheSameBytes) {
  std::vector<std::string> lines;
  for (int i = 0; i < 300; ++i) lines.push_back(test::line(i));
  const auto text = [&] {
    std::string all = test::kHeader;
    for (const std::string& line : lines) all += line;
    return all;
  };
  ASSERT_TRUE(imported({file("t.csv", text())}));
  const std::string once = bytes();
  ASSERT_TRUE(imported({file("t.csv", text())}));
  EXPECT_EQ(bytes(), once);
  for (unsigned seed = 0; seed < 5; ++seed) {
    std::mt19937 random(seed);
    for (std::size_t i = lines.size() - 1; i > 0; --i) std::swap(lines[i], lines[random() % i]);
    ASSERT_TRUE(imported({file("t.csv", text())}));
    EXPECT_EQ(bytes(), once) << "seed " << seed;
  }
}

TEST_F(ImportTest, OfOneIdTheFirstFileStays) {
  const auto first = file("a.csv", test::kHeader + test::line(1, "First"));
  const auto second = file("b.csv", test::kHeader + test::line(1, "Second"));
  ASSERT_TRUE(imported({first, second}));
  EXPECT_EQ(Catalog::open(catalog()).value().title(0), "First");
  ASSERT_TRUE(imported({second, first}));
  EXPECT_EQ(Catalog::open(catalog()).value().title(0), "Second");
}

TEST_F(ImportTest, WhatCannotBeReadIsSaidAndTheOldCatalogueStays) {
  ASSERT_TRUE(imported({file("t.csv", test::songs(0, 10))}));
  const std::string old = bytes();
  EXPECT_THAT(refusal({folder_ / "absent.csv"}), HasSubstr("No such file"));
  EXPECT_THAT(refusal({folder_.path()}), HasSubstr("Is a directory"));
  EXPECT_THAT(refusal({file("e.csv", "")}), HasSubstr("there is no"));
  EXPECT_THAT(refusal({file("g.csv", "artists,genres\nA,[]\n")}),
              StartsWith("g.csv: not a known layout: the header lacks id, name, acousticness"));
  EXPECT_THAT(refusal({file("n.csv", std::string(300'000, '\0'))}),
              HasSubstr("not a known layout"));
  EXPECT_THAT(refusal({file("h.csv", test::kHeader)}), HasSubstr("there are no songs"));
  EXPECT_THAT(refusal({packed("x.zip", "zip", nullptr, {{"x.csv", "a,b\n"}})}),
              StartsWith("x.zip/x.csv: not a known layout"));
  EXPECT_EQ(bytes(), old);
}

TEST_F(ImportTest, APackedFileThatIsCutShortIsRefused) {
  for (const char* filter : {"xz", "gzip", "zstd"}) {
    const auto whole = packed("whole", "raw", filter, {{"t.csv", test::songs(0, 5'000)}});
    const std::string packed_bytes = read_file(whole).value();
    const auto cut = file("cut", packed_bytes.substr(0, packed_bytes.size() / 2));
    const auto report = imported({cut});
    ASSERT_FALSE(report) << filter;
    EXPECT_EQ(report.error().code, Errc::kCorrupt) << report.error().message;
    EXPECT_FALSE(std::filesystem::exists(catalog()));
  }
}

TEST_F(ImportTest, AnImportThatIsToldToStopLeavesTheOldCatalogue) {
  ASSERT_TRUE(imported({file("t.csv", test::songs(0, 10))}));
  const std::string old = bytes();
  Import import([](std::uint64_t, std::uint64_t songs) { return songs == 0; });
  EXPECT_EQ(import.add(file("u.csv", test::songs(0, 20))).error().code, Errc::kUnavailable);
  EXPECT_EQ(bytes(), old);
}

TEST_F(ImportTest, ProgressEndsAtTheSizesOfTheFiles) {
  const auto a = packed("a", "raw", "xz", {{"t.csv", test::songs(0, 9'000)}});
  const auto b = file("b", test::songs(0, 9'000));
  std::uint64_t last = 0, calls = 0;
  Import import([&](std::uint64_t bytes, std::uint64_t) {
    EXPECT_GE(bytes, last);
    last = bytes;
    ++calls;
    return true;
  });
  ASSERT_TRUE(import.add(a));
  ASSERT_TRUE(import.add(b));
  EXPECT_EQ(last, std::filesystem::file_size(a) + std::filesystem::file_size(b));
  EXPECT_GT(calls, 5u);
}

class RealFilesTest : public ImportTest {
 protected:
  const std::filesystem::path tracks_ = groove::test::shared_data("spotify/tracks.csv.xz");
  const std::filesystem::path data_ = groove::test::shared_data("spotify/data.csv.xz");
  const std::filesystem::path playlists_ =
      groove::test::shared_data("playlists/genre_playlists_tracks.csv.xz");
};

TEST_F(RealFilesTest, BothFilesMergeByIdWithoutABadRow) {
  GROOVE_SKIP_WITHOUT(tracks_);
  GROOVE_SKIP_WITHOUT(data_);
  const auto report = imported({data_, tracks_}).value();
  ASSERT_THAT(report.texts, SizeIs(2));
  EXPECT_EQ(report.texts[0].rows, 20'311u);
  EXPECT_EQ(report.texts[0].layout, "data.csv");
  EXPECT_EQ(report.texts[1].rows, 145'065u);
  EXPECT_EQ(report.texts[1].layout, "tracks.csv");
  EXPECT_EQ(report.merged, 6'947u);
  EXPECT_EQ(report.bad, 0u);
  EXPECT_EQ(report.songs, 145'065u + 20'311u - 6'947u);

  const Catalog catalog_read = Catalog::open(catalog()).value();
  const SongIndex accents = catalog_read.find("000d0lQMYaRR5ZXS9nTeiN").value();
  EXPECT_THAT(catalog_read.artists(accents),
              ElementsAre("Suprême NTM", "Lucien Papalu", "Gregg Mann"));
  EXPECT_EQ(catalog_read.year(accents), 1995);
  const SongIndex yellow = catalog_read.find("3AJwUDP919kvQ9QcozQPxg").value();
  EXPECT_EQ(describe(catalog_read, yellow), "Coldplay – Yellow");
  EXPECT_EQ(catalog_read.year(yellow), 2000);
}

TEST_F(RealFilesTest, TheThirdLayoutIsReadToo) {
  GROOVE_SKIP_WITHOUT(playlists_);
  const auto report = imported({playlists_}).value();
  EXPECT_EQ(report.songs, 9'064u);
  EXPECT_EQ(report.texts[0].layout, "songs without a year");
  EXPECT_EQ(Catalog::open(catalog()).value().year(0), 0);
}

}  // namespace
}  // namespace groove::fetcher
