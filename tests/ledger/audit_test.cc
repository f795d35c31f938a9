// What an auditor finds: a batch that comes out otherwise than it was recorded, by its first field;
// a ledger in which any byte was altered; a listener who was erased. The scorer is a stand-in
// beside a copy of groove-ledger: it answers with the bytes of a file.
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>

#include "ledger/convert.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "tests/ledger/command.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class AuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(data() / "bin");
    fs::copy_file(GROOVE_LEDGER, data() / "bin" / "groove-ledger");
    const fs::path scorer = data() / "bin" / "groove-scorer";
    std::ofstream(scorer) << "#!/bin/sh\ncat > /dev/null\nexec cat \"$3/replayed\"\n";
    fs::permissions(scorer, fs::perms::owner_all);
    auto ledger = Ledger::open(system_io(), folder(), clock_, {}).value();
    record(*ledger, 1, 7);
    ASSERT_TRUE(ledger->publish());
  }
  static v1::BatchScored batch() {
    v1::BatchScored batch;
    batch.set_catalog_digest(std::string(32, 'c'));
    batch.set_model_digest(std::string(32, 'm'));
    for (int i = 0; i < 3; ++i) {
      v1::Recommendation& song = *batch.add_recommendations();
      song.set_song_id("song" + std::to_string(i));
      song.set_title("Title " + std::to_string(i));
      song.set_score_milli(900 - i);
    }
    return batch;
  }
  void record(Ledger& ledger, std::uint64_t number, std::uint64_t listener) {
    v1::Event event;
    *event.mutable_batch_scored() = batch();
    event.mutable_batch_scored()->set_recorded_input("what it was computed from");
    ASSERT_TRUE(ledger.handle({.listener = {listener},
                               .sequence = number,
                               .event = numbered_id(number),
                               .fact = event,
                               .state = ""}));
    ASSERT_TRUE(ledger.flush());
  }
  // The scorer computes this instead.
  void scorer_says(const v1::BatchScored& batch) {
    std::ofstream(data() / "replayed", std::ios::binary) << batch.SerializeAsString();
  }
  std::pair<int, std::string> run(const std::string& arguments) {
    return run_shell((data() / "bin" / "groove-ledger").string() + " " + arguments + " --data " +
                     data().string());
  }
  fs::path data() const { return folder_.path(); }
  fs::path folder() const { return data() / "ledger"; }

  test::TempDir folder_;
  FakeClock clock_;
};

TEST_F(AuditTest, SameBatchPassesTheAudit) {
  scorer_says(batch());
  const auto [code, text] = run("audit");
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(text, HasSubstr("replayed 1 as recorded, 0 otherwise"));
  EXPECT_EQ(run("replay 2").first, 0) << "record 1 is the manifest, record 2 the batch";
}

TEST_F(AuditTest, FirstFieldThatDiffersIsNamed) {
  using Change = std::function<void(v1::BatchScored&)>;
  const std::vector<std::pair<std::string, Change>> changes = {
      {"catalog_digest", [](auto& b) { b.set_catalog_digest(std::string(32, 'x')); }},
      {"recommendations[0].title",
       [](auto& b) { b.mutable_recommendations(0)->set_title("Another"); }},
      {"recommendations[2].score_milli",
       [](auto& b) { b.mutable_recommendations(2)->set_score_milli(1); }},
      {"recommendations[0].song_id",
       [](auto& b) { b.mutable_recommendations()->SwapElements(0, 1); }},
      {"recommendations[2]", [](auto& b) { b.mutable_recommendations()->RemoveLast(); }},
      {"verdict_count", [](auto& b) { b.set_verdict_count(3); }},
      {"learned[0]", [](auto& b) { b.add_learned("more acoustic"); }},
  };
  for (const auto& [field, change] : changes) {
    v1::BatchScored other = batch();
    change(other);
    scorer_says(other);
    const auto [code, text] = run("replay 2");
    EXPECT_EQ(code, 1) << field << ": " << text;
    EXPECT_THAT(text, HasSubstr(field));
    EXPECT_EQ(run("audit").first, 1) << field;
  }
}

TEST_F(AuditTest, ScorerThatFailsIsNoVerdict) {
  EXPECT_EQ(run("replay 2").first, 2) << "there is no file to answer with";
}

TEST_F(AuditTest, ByteAlteredAnywhereFailsAuditAndFsck) {
  scorer_says(batch());
  const std::vector<fs::path> files = {
      segment_folder(folder()) / segment_name(0), public_folder(folder()) / "checkpoint",
      public_folder(folder()) / "tile/0/000.p/3", public_folder(folder()) / "tile/entries/000.p/3"};
  for (const fs::path& file : files) {
    const auto end = std::min<std::uintmax_t>(fs::file_size(file), 1200);
    for (std::uintmax_t at = 3; at < end; at += 1 + end / 4) {
      const auto flip = [&] {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(at));
        const int byte = stream.get();
        stream.seekp(static_cast<std::streamoff>(at));
        stream.put(static_cast<char>(byte ^ 4));
      };
      flip();
      const auto [code, text] = run("audit");
      EXPECT_EQ(code, 1) << file << " byte " << at << ": " << text;
      EXPECT_EQ(run("fsck").first, 3) << file << " byte " << at;
      flip();
    }
  }
  EXPECT_EQ(run("fsck").first, 0);
}

TEST_F(AuditTest, ErasedListenerIsCountedAndTheLogStaysWhole) {
  scorer_says(batch());
  {
    auto ledger = Ledger::open(system_io(), folder(), clock_, {}).value();
    record(*ledger, 2, 8);
    ASSERT_TRUE(ledger->publish());
  }
  EXPECT_EQ(run("erase --listener 0000000000000007").first, 0);
  const auto [code, text] = run("audit");
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(text, HasSubstr("replayed 1 as recorded, 0 otherwise"));
  EXPECT_EQ(run("replay 2").first, 2) << "nobody can open it any more";
}

}  // namespace
}  // namespace groove::ledger
