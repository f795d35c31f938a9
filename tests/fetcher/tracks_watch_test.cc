#include "fetcher/tracks_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "fetcher/analysis_store.h"
#include "fetcher/core/sound/analysis.h"
#include "tests/fetcher/songs_csv.h"
#include "tests/support/temp_dir.h"
#include "workers/catalog.h"
#include "workers/library_state.h"
#include "workers/music_files.h"

namespace groove::fetcher {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using State = LibraryState::State;

class TracksFolderTest : public testing::Test {
 protected:
  TracksFolderTest() { std::filesystem::create_directories(places_.tracks()); }

  void put(const std::string& name, const std::string& text) {
    std::ofstream(places_.tracks() / name) << text;
  }
  // As if `path` had last been changed so long ago.
  static void age(const std::filesystem::path& path, std::chrono::seconds age) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - age);
  }
  void age_all(std::chrono::seconds by) {
    for (const auto& entry : std::filesystem::directory_iterator(places_.tracks()))
      age(entry.path(), by);
    age(places_.tracks(), by);
  }
  // What one look comes to: "" when there was nothing to do.
  static std::string look(TracksFolder& folder) {
    const auto outcome = folder.refresh([] { return false; });
    if (!outcome) return "";
    return *outcome ? **outcome : "failed: " + outcome->error().message;
  }
  std::string look() { return look(folder_); }
  std::size_t songs() const { return Catalog::open(places_.catalog()).value().size(); }
  LibraryState state() const { return read_library_state(places_).value(); }

  // As a scan of a music folder leaves it.
  void hear(const std::string& path, const std::string& audio) {
    AnalysisStore store =
        AnalysisStore::open(places_.analyses(), AnalysisStore::Use::kWrite).value();
    v1::FileSeen seen;
    seen.set_path("/music/" + path);
    seen.set_audio(audio);
    ASSERT_TRUE(store.add(seen));
    v1::SongHeard heard;
    heard.set_audio(audio);
    heard.set_song_id("id of " + audio);
    heard.set_version(sound::kAnalyzerVersion);
    heard.mutable_heard()->set_tempo(120);
    heard.mutable_heard()->set_vector(std::string("\x07\x00\xf9\xff", 4));
    ASSERT_TRUE(store.add(heard));
    if (files_.roots().empty()) {
      files_.add_roots()->set_name("music");
      files_.mutable_roots(0)->set_path("/music");
    }
    v1::MusicFile& file = *files_.add_files();
    file.set_path(path);
    file.set_song_id("id of " + audio);
    ASSERT_TRUE(write_music_files(places_.music_files(), files_));
  }

  groove::test::TempDir root_;
  v1::MusicFiles files_;
  Places places_ = find_places(root_.path(), "", "").value();
  TracksFolder folder_{places_};
};

TEST_F(TracksFolderTest, NoFolderOrNoFilesIsNothingToDo) {
  EXPECT_EQ(look(), "");
  std::filesystem::remove(places_.tracks());
  EXPECT_EQ(look(), "");
  EXPECT_FALSE(read_library_state(places_));
}

TEST_F(TracksFolderTest, FilesMakeACatalogueOnce) {
  put("a.csv", test::songs(0, 10));
  put("b.csv", test::songs(5, 20));
  EXPECT_THAT(look(), HasSubstr("20 songs from 25 rows"));
  EXPECT_EQ(songs(), 20u);
  EXPECT_EQ(state().state, State::kReady);
  EXPECT_THAT(state().detail, HasSubstr("20 songs"));
  EXPECT_EQ(look(), "");
}

TEST_F(TracksFolderTest, AFreshProcessGoesByTheTimesOfTheFiles) {
  put("a.csv", test::songs(0, 10));
  age_all(1h);
  ASSERT_NE(look(), "");
  TracksFolder restarted(places_);
  EXPECT_EQ(look(restarted), "") << "nothing is newer than the catalogue";
  put("a.csv", test::songs(0, 11));
  TracksFolder again(places_);
  EXPECT_NE(look(again), "");
  EXPECT_EQ(songs(), 11u);
}

TEST_F(TracksFolderTest, AnOldFileThatIsMovedInCounts) {
  put("a.csv", test::songs(0, 10));
  age_all(2h);
  ASSERT_NE(look(), "");
  std::ofstream(root_ / "old.csv") << test::songs(10, 15);
  age(root_ / "old.csv", 24h);
  std::filesystem::create_symlink(root_ / "old.csv", places_.tracks() / "link.csv");
  EXPECT_NE(look(), "");
  EXPECT_EQ(songs(), 15u);
  std::filesystem::remove(places_.tracks() / "a.csv");
  EXPECT_NE(look(), "");
  EXPECT_EQ(songs(), 5u);
}

TEST_F(TracksFolderTest, WhatComesDuringAnImportMakesTheNextOne) {
  put("a.csv", test::songs(0, 10));
  age_all(1h);
  const auto outcome = folder_.refresh([&] {
    put("b.csv", test::songs(10, 15));
    return false;
  });
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ(songs(), 10u);
  TracksFolder restarted(places_);
  EXPECT_NE(look(restarted), "") << "the catalogue bears the time its import began";
  EXPECT_EQ(songs(), 15u);
}

TEST_F(TracksFolderTest, SongsHeardInMusicFoldersJoinThoseOfFiles) {
  hear("one.ogg", "audio1");
  EXPECT_NE(look(), "");
  EXPECT_EQ(songs(), 1u);
  EXPECT_EQ(look(), "");
  put("a.csv", test::songs(0, 10));
  EXPECT_NE(look(), "");
  EXPECT_EQ(songs(), 11u);
  hear("two.ogg", "audio2");
  EXPECT_NE(look(), "");
  const Catalog catalog = Catalog::open(places_.catalog()).value();
  ASSERT_EQ(catalog.size(), 12u);
  const SongIndex song = catalog.find("id of audio2").value();
  EXPECT_EQ(catalog.title(song), "two");
  EXPECT_EQ(catalog.feature(song, *catalog.space().find("tempo")), 120);
  EXPECT_THAT(catalog.sound_vector(song), testing::ElementsAre(7, -7));
  EXPECT_TRUE(catalog.sound_vector(11).empty()) << "a song of a file";
}

TEST_F(TracksFolderTest, AFileThatCannotBeReadIsLeftOutAndNamed) {
  put("a.csv", test::songs(0, 10));
  put("notes.txt", "not a table\n");
  EXPECT_THAT(look(), HasSubstr("left out: notes.txt: not a known layout"));
  EXPECT_EQ(songs(), 10u);
  EXPECT_EQ(state().state, State::kReady);
}

TEST_F(TracksFolderTest, WhenNothingCanBeReadItFailsOnceAndTheOldCatalogueStays) {
  put("a.csv", test::songs(0, 10));
  ASSERT_NE(look(), "");
  put("a.csv", "nonsense\n");
  EXPECT_THAT(look(), HasSubstr("failed: a.csv: not a known layout"));
  EXPECT_EQ(state().state, State::kFailed);
  EXPECT_THAT(state().detail, HasSubstr("not a known layout"));
  EXPECT_EQ(look(), "") << "not tried again before something changes";
  EXPECT_EQ(songs(), 10u);
}

TEST_F(TracksFolderTest, FilesThatAreBeingWrittenAreNotLookedAt) {
  put(".upload.csv", test::songs(0, 10));
  put("upload.csv.tmp", test::songs(0, 10));
  EXPECT_EQ(look(), "");
  std::filesystem::rename(places_.tracks() / ".upload.csv", places_.tracks() / "upload.csv");
  EXPECT_NE(look(), "");
  EXPECT_EQ(songs(), 10u);
}

TEST_F(TracksFolderTest, AnImportThatIsToldToStopIsMadeLater) {
  put("a.csv", test::songs(0, 10));
  const auto outcome = folder_.refresh([] { return true; });
  ASSERT_TRUE(outcome && !*outcome);
  EXPECT_EQ(state().state, State::kImporting);
  TracksFolder restarted(places_);
  EXPECT_NE(look(restarted), "");
  EXPECT_EQ(songs(), 10u);
}

TEST_F(TracksFolderTest, TheNoticeOfADeadImportIsEndedAndThatOfATrainingStays) {
  put("a.csv", test::songs(0, 10));
  age_all(1h);
  ASSERT_NE(look(), "");
  ASSERT_TRUE(write_library_state(places_, {.state = State::kTraining, .detail = "epoch 3"}));
  TracksFolder restarted(places_);
  EXPECT_EQ(look(restarted), "");
  EXPECT_EQ(state().state, State::kTraining);
  ASSERT_TRUE(write_library_state(places_, {.state = State::kImporting}));
  TracksFolder again(places_);
  EXPECT_EQ(look(again), "");
  EXPECT_EQ(state().state, State::kReady);
}

TEST_F(TracksFolderTest, TheWatchImportsWhatIsPutThereAndStopsWhenItGoes) {
  std::mutex mutex;
  std::condition_variable told;
  std::vector<std::string> outcomes;
  TracksWatch watch(places_, [&](const Result<std::string>& outcome) {
    std::lock_guard lock(mutex);
    outcomes.push_back(outcome ? *outcome : outcome.error().message);
    told.notify_all();
  });
  put(".a.tmp", test::songs(0, 10));
  std::filesystem::rename(places_.tracks() / ".a.tmp", places_.tracks() / "a.csv");
  std::unique_lock lock(mutex);
  ASSERT_TRUE(told.wait_for(lock, 60s, [&] { return !outcomes.empty(); }));
  EXPECT_THAT(outcomes[0], HasSubstr("10 songs"));
}

}  // namespace
}  // namespace groove::fetcher
