#include "fetcher/analysis_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.h"
#include "workers/durable_file.h"

namespace groove::fetcher {
namespace {

using testing::HasSubstr;

class AnalysisStoreTest : public testing::Test {
 protected:
  static v1::FileSeen seen(const std::string& path, const std::string& audio) {
    v1::FileSeen file;
    file.set_path(path);
    file.set_audio(audio);
    return file;
  }
  static v1::SongHeard heard(const std::string& audio, double tempo) {
    v1::SongHeard song;
    song.set_audio(audio);
    song.set_song_id("id of " + audio);
    song.set_version(3);
    song.mutable_heard()->set_tempo(tempo);
    song.mutable_heard()->set_series(std::string(1'000, 's'));
    return song;
  }
  AnalysisStore open(AnalysisStore::Use use = AnalysisStore::Use::kWrite) const {
    return AnalysisStore::open(folder_.path(), use).value();
  }
  void fill(int songs) const {
    AnalysisStore store = open();
    for (int i = 0; i < songs; ++i) {
      const std::string audio = "audio" + std::to_string(i);
      ASSERT_TRUE(store.add(seen("/m/" + std::to_string(i), audio)));
      ASSERT_TRUE(store.add(heard(audio, i)));
    }
  }
  std::filesystem::path records() const { return folder_ / "records"; }

  groove::test::TempDir folder_;
};

TEST_F(AnalysisStoreTest, WhatIsAddedIsThereAtOnceAndAfterOpeningAgain) {
  {
    AnalysisStore store = open();
    ASSERT_TRUE(store.add(seen("/m/a", "x")));
    ASSERT_TRUE(store.add(heard("x", 120)));
    EXPECT_EQ(store.heard("x")->tempo(), 120);
  }
  const AnalysisStore store = open();
  EXPECT_EQ(store.file("/m/a")->audio(), "x");
  EXPECT_EQ(store.song("x")->id, "id of x");
  EXPECT_EQ(store.song("x")->version, 3u);
  EXPECT_EQ(store.heard("x")->tempo(), 120);
  EXPECT_EQ(store.file("/m/b"), nullptr);
  EXPECT_FALSE(store.heard("y"));
}

TEST_F(AnalysisStoreTest, TheLastRecordCountsAndAFileCanGo) {
  fill(3);
  {
    AnalysisStore store = open();
    ASSERT_TRUE(store.add(seen("/m/0", "other")));
    ASSERT_TRUE(store.add(heard("audio1", 99)));
    ASSERT_TRUE(store.forget("/m/2"));
  }
  const AnalysisStore store = open();
  EXPECT_EQ(store.file("/m/0")->audio(), "other");
  EXPECT_EQ(store.heard("audio1")->tempo(), 99);
  EXPECT_EQ(store.file("/m/2"), nullptr);
  EXPECT_TRUE(store.heard("audio2")) << "a sound outlives its file";
}

TEST_F(AnalysisStoreTest, OneProcessWritesAndAnyReads) {
  AnalysisStore writer = open();
  ASSERT_TRUE(writer.add(seen("/m/a", "x")));
  const auto second = AnalysisStore::open(folder_.path(), AnalysisStore::Use::kWrite);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kBusy);
  EXPECT_TRUE(open(AnalysisStore::Use::kRead).file("/m/a"));
}

TEST_F(AnalysisStoreTest, ReadingWhereNothingIsFindsNothing) {
  const auto store = AnalysisStore::open(folder_ / "none", AnalysisStore::Use::kRead);
  ASSERT_TRUE(store);
  EXPECT_TRUE(store->files().empty());
}

// As a kill within a write leaves it.
TEST_F(AnalysisStoreTest, ACutCostsTheLastRecordAlone) {
  fill(4);
  const std::string whole = read_file(records()).value();
  for (std::size_t cut = 1; cut < 1'000; cut += 37) {
    ASSERT_TRUE(replace_file(records(), whole.substr(0, whole.size() - cut)));
    AnalysisStore store = open();
    EXPECT_FALSE(store.heard("audio3"));
    EXPECT_EQ(store.heard("audio2")->tempo(), 2);
    ASSERT_TRUE(store.add(heard("audio3", 33)));
    EXPECT_EQ(store.heard("audio3")->tempo(), 33);
    AnalysisStore again = open(AnalysisStore::Use::kRead);
    EXPECT_EQ(again.heard("audio3")->tempo(), 33) << "cut by " << cut;
    EXPECT_EQ(again.heard("audio0")->tempo(), 0);
  }
}

TEST_F(AnalysisStoreTest, ADamagedByteCostsItsRecordAlone) {
  fill(3);
  const std::string whole = read_file(records()).value();
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    ASSERT_TRUE(replace_file(records(), bad));
    const AnalysisStore store = open(AnalysisStore::Use::kRead);
    int lost = 0;
    for (int i = 0; i < 3; ++i) {
      lost += store.file("/m/" + std::to_string(i)) == nullptr;
      const auto song = store.heard("audio" + std::to_string(i));
      lost += !song;
      EXPECT_TRUE(!song || song->tempo() == i);
    }
    EXPECT_EQ(lost, 1) << "byte " << at;
    EXPECT_GT(store.damaged_bytes(), 0u);
  }
}

TEST_F(AnalysisStoreTest, DamageWhileItIsOpenIsNoticed) {
  fill(1);
  const AnalysisStore store = open();
  std::string bad = read_file(records()).value();
  bad[bad.size() - 5] ^= 1;
  std::fstream(records(), std::ios::in | std::ios::out | std::ios::binary) << bad;
  EXPECT_FALSE(store.heard("audio0"));
}

TEST_F(AnalysisStoreTest, WhatIsOutOfDateIsPackedAway) {
  {
    AnalysisStore store = open();
    v1::SongHeard big = heard("x", 1);
    big.mutable_heard()->set_series(std::string(1'000'000, 's'));
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(store.add(big));
    ASSERT_TRUE(store.add(seen("/m/a", "x")));
    ASSERT_TRUE(store.add(heard("y", 2)));
  }
  ASSERT_GT(std::filesystem::file_size(records()), 40'000'000u);
  {
    AnalysisStore store = open();
    EXPECT_LT(std::filesystem::file_size(records()), 2'000'000u);
    EXPECT_EQ(store.heard("y")->tempo(), 2);
    ASSERT_TRUE(store.add(heard("z", 3)));
  }
  const AnalysisStore store = open();
  EXPECT_EQ(store.heard("x")->tempo(), 1);
  EXPECT_EQ(store.heard("z")->tempo(), 3);
  EXPECT_TRUE(store.file("/m/a"));
}

}  // namespace
}  // namespace groove::fetcher
