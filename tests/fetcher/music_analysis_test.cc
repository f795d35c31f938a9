// Folders of small real files, listened to by the real program.
#include "fetcher/music_analysis.h"

#include <fileref.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tpropertymap.h>

#include <map>

#include "tests/fetcher/wav.h"
#include "tests/support/temp_dir.h"
#include "workers/durable_file.h"
#include "workers/music_files.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kRecording = "6b5a3b7e-1c1f-4f7e-8d4c-0123456789ab";

class MusicAnalysisTest : public testing::Test {
 protected:
  MusicAnalysisTest() { fs::create_directories(music_); }

  void put(const std::string& path, int number) { test::write(music_ / path, test::wav(number)); }
  void tag(const std::string& path, const char* key, const char* value) {
    TagLib::FileRef file((music_ / path).c_str());
    TagLib::PropertyMap map = file.file()->properties();
    map.replace(key, TagLib::StringList(TagLib::String(value, TagLib::String::UTF8)));
    file.file()->setProperties(map);
    ASSERT_TRUE(file.save());
  }
  AnalyzeReport scan(std::vector<fs::path> folders = {}) {
    if (folders.empty()) folders = {music_};
    auto report = analyze_music(
        {.folders = folders,
         .data = data_,
         .program = GROOVE_FETCHER,
         .jobs = 2,
         .per_file = std::chrono::seconds(60),
         .now_us = ++now_us_},
        [](std::uint64_t, std::uint64_t) {}, stop_);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(AnalyzeReport{});
  }
  MusicFiles files() const { return MusicFiles::open(data_ / "files.groove").value(); }
  std::string id(const std::string& path) const {
    const MusicFiles all = files();
    for (const v1::MusicFile& file : all.message().files())
      if (file.path() == path) return file.song_id();
    return "";
  }
  static std::string why(const AnalyzeReport& report, const std::string& name) {
    for (const Unread& unread : report.left_out)
      if (unread.path.ends_with(name)) return unread.reason;
    return "";
  }

  groove::test::TempDir folder_;
  fs::path music_ = folder_ / "music", data_ = folder_ / "data";
  std::int64_t now_us_ = 1'000;
  std::function<bool()> stop_ = [] { return false; };
};

TEST_F(MusicAnalysisTest, SongsAreHeardOnceAndKnownAfterwards) {
  put("Portishead/Dummy/01 - Mysterons.wav", 1);
  put("x.wav", 2);
  AnalyzeReport report = scan();
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.songs, 2u);
  EXPECT_EQ(report.analysed, 2u);
  report = scan();
  EXPECT_EQ(report.analysed, 0u);
  EXPECT_EQ(report.known, 2u);
  EXPECT_EQ(report.songs, 2u);
  const auto songs = analysed_songs(data_).value();
  ASSERT_THAT(songs, SizeIs(2));
  EXPECT_EQ(songs[0].title, "Mysterons");
  EXPECT_THAT(songs[0].artists, ElementsAre("Portishead"));
  EXPECT_NEAR(songs[0].duration_ms, 4'000, 100);
  EXPECT_THAT(songs[0].features, SizeIs(spotify_v1().features.size()));
}

TEST_F(MusicAnalysisTest, MovingAndRetaggingChangeNothing) {
  put("a.wav", 1);
  put("b.wav", 2);
  scan();
  const std::string a = id("a.wav"), b = id("b.wav");
  fs::create_directories(music_ / "new");
  fs::rename(music_ / "a.wav", music_ / "new/a.wav");
  tag("b.wav", "TITLE", "A new title");
  tag("b.wav", "MUSICBRAINZ_TRACKID", kRecording);
  const AnalyzeReport report = scan();
  EXPECT_EQ(report.analysed, 0u);
  EXPECT_EQ(id("new/a.wav"), a);
  EXPECT_EQ(id("b.wav"), b) << "a song keeps its id, even when it learns its MusicBrainz one";
  EXPECT_EQ(analysed_songs(data_).value()[0].title, "A new title");
}

TEST_F(MusicAnalysisTest, TwoCopiesOfASoundAreOneSong) {
  put("a.wav", 1);
  put("copies/b.wav", 1);
  tag("copies/b.wav", "TITLE", "Copy");
  const AnalyzeReport report = scan();
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.songs, 1u);
  EXPECT_EQ(report.analysed, 1u);
  EXPECT_EQ(id("a.wav"), id("copies/b.wav"));
  EXPECT_THAT(analysed_songs(data_).value(), SizeIs(1));
}

TEST_F(MusicAnalysisTest, ARecordingIsOneSongInWhateverFile) {
  put("a.wav", 1);
  put("b.wav", 2);
  tag("a.wav", "MUSICBRAINZ_TRACKID", kRecording);
  tag("b.wav", "MUSICBRAINZ_TRACKID", kRecording);
  EXPECT_EQ(scan().songs, 1u);
  EXPECT_EQ(id("a.wav"), kRecording);
}

TEST_F(MusicAnalysisTest, WhatIsNoSongIsToldWithItsReasonAndOnce) {
  put("good.wav", 1);
  test::write(music_ / "empty.mp3", "");
  test::write(music_ / "text.flac", "this is no music at all, only words\n");
  test::write(music_ / "zeros.ogg", std::string(100'000, '\0'));
  test::write(music_ / "notes.txt", "x");
  const AnalyzeReport report = scan();
  EXPECT_EQ(report.songs, 1u);
  EXPECT_THAT(why(report, "empty.mp3"), HasSubstr("empty"));
  EXPECT_NE(why(report, "text.flac"), "");
  EXPECT_NE(why(report, "zeros.ogg"), "");
  EXPECT_THAT(report.passed, ElementsAre(Unread{(music_ / "notes.txt").string(),
                                                "it is no music file by its name"}));
  const std::string text = read_file(data_ / "analyses/report.txt").value();
  EXPECT_THAT(text, HasSubstr("empty.mp3: "));
  EXPECT_THAT(text, HasSubstr("notes.txt: "));
  const AnalyzeReport again = scan();
  EXPECT_EQ(again.left_out, report.left_out);
  EXPECT_EQ(again.analysed, 0u);
}

TEST_F(MusicAnalysisTest, AFileThatIsMendedIsHeard) {
  test::write(music_ / "a.wav", "");
  EXPECT_EQ(scan().songs, 0u);
  put("a.wav", 1);
  EXPECT_EQ(scan().songs, 1u);
  test::write(music_ / "a.wav", test::wav(2, 5));
  EXPECT_EQ(scan().analysed, 1u) << "another sound under the same name";
}

TEST_F(MusicAnalysisTest, WhatIsGoneLeavesTheListAndComesBackForNothing) {
  put("a.wav", 1);
  put("b.wav", 2);
  scan();
  const std::string a = id("a.wav");
  fs::rename(music_ / "a.wav", folder_ / "a.wav");
  EXPECT_EQ(scan().songs, 1u);
  fs::rename(folder_ / "a.wav", music_ / "a.wav");
  EXPECT_EQ(scan().analysed, 0u);
  EXPECT_EQ(id("a.wav"), a);
}

TEST_F(MusicAnalysisTest, WhatCameLaterWasAddedLater) {
  put("a.wav", 1);
  scan();
  put("b.wav", 2);
  fs::create_directories(music_ / "moved");
  fs::rename(music_ / "a.wav", music_ / "moved/a.wav");
  scan();
  const MusicFiles all = files();
  std::map<std::string, std::int64_t> added;
  for (const v1::MusicFile& file : all.message().files()) added[file.path()] = file.added_us();
  EXPECT_LT(added.at("moved/a.wav"), added.at("b.wav")) << "moving is not coming";
}

TEST_F(MusicAnalysisTest, AStoppedScanGoesOnWhereItWas) {
  for (int i = 0; i < 8; ++i) put(std::to_string(i) + ".wav", i);
  int asked = 0;
  stop_ = [&] { return ++asked > 12; };
  const auto stopped = analyze_music(
      {.folders = {music_},
       .data = data_,
       .program = GROOVE_FETCHER,
       .jobs = 1,
       .grace = std::chrono::seconds(60)},
      [](std::uint64_t, std::uint64_t) {}, stop_);
  stop_ = [] { return false; };
  const std::uint64_t before = stopped ? stopped->analysed : 0;
  const AnalyzeReport report = scan();
  EXPECT_TRUE(report.whole);
  EXPECT_EQ(before + report.analysed, 8u);
  EXPECT_EQ(report.songs, 8u);
}

TEST_F(MusicAnalysisTest, DamagedResultsAreMadeAgain) {
  put("a.wav", 1);
  put("b.wav", 2);
  scan();
  const std::string a = id("a.wav");
  std::string records = read_file(data_ / "analyses/records").value();
  records[records.size() / 2] ^= 1;
  ASSERT_TRUE(replace_file(data_ / "analyses/records", records));
  const AnalyzeReport report = scan();
  EXPECT_EQ(report.songs, 2u);
  EXPECT_EQ(id("a.wav"), a);
  EXPECT_THAT(analysed_songs(data_).value(), SizeIs(2));
}

TEST_F(MusicAnalysisTest, NothingIsWrittenInTheFolders) {
  put("a.wav", 1);
  test::write(music_ / "bad.mp3", "bad");
  std::map<std::string, fs::file_time_type> before, after;
  const auto look = [&](auto& out) {
    for (const auto& entry : fs::recursive_directory_iterator(music_))
      out[entry.path().string()] = entry.last_write_time();
    out["."] = fs::last_write_time(music_);
  };
  look(before);
  scan();
  look(after);
  EXPECT_EQ(before, after);
}

TEST_F(MusicAnalysisTest, ANothingNewScanWritesNothingAnew) {
  put("a.wav", 1);
  scan();
  const auto written = fs::last_write_time(data_ / "files.groove");
  scan();
  EXPECT_EQ(fs::last_write_time(data_ / "files.groove"), written);
}

TEST_F(MusicAnalysisTest, WithoutAFolderThereIsAnErrorAndWithoutFilesThereIsNone) {
  const auto report = analyze_music(
      {.folders = {folder_ / "gone"}, .data = data_, .program = GROOVE_FETCHER},
      [](std::uint64_t, std::uint64_t) {}, stop_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::kNotFound);
  EXPECT_EQ(scan().songs, 0u);
  EXPECT_THAT(analysed_songs(data_).value(), IsEmpty());
}

}  // namespace
}  // namespace groove::fetcher
