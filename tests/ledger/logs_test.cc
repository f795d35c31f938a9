// A house of several logs under a root: workers share them, none is without a writer while one
// lives, and the root's key alone proves each record.
#include "ledger/logs.h"

#include <map>
#include <set>

#include "ledger/core/hash.h"
#include "ledger/log_key.h"
#include "ledger/root.h"
#include "ledger/verify_house.h"
#include "tests/ledger/store_fixture.h"
#include "workers/rendezvous.h"

namespace groove::ledger {
namespace {

constexpr unsigned kLogs = 4;

class TurningClock final : public Clock {
 public:
  std::int64_t unix_us() const override { return 1'700'000'000'000'000; }
  std::chrono::steady_clock::time_point steady() const override {
    return now += std::chrono::minutes(1);
  }

 private:
  mutable std::chrono::steady_clock::time_point now{};
};

class LogsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Ledger::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .build = {}}));
    for (unsigned n = 0; n < kLogs; ++n)
      ASSERT_TRUE(Ledger::open(
          disk_, LogPlace(kFolder, LogName{partition_line(n)}), clock_,
          {.origin = kTestOrigin + std::string("/") + std::to_string(n), .build = {}}));
  }
  std::unique_ptr<Logs> worker(const std::string& name) {
    return Logs::open(disk_, kFolder, clock_, {.build = {}}, name).value();
  }
  static Result<Effect> refuse(Logs& logs, std::uint64_t listener, std::uint64_t sequence) {
    v1::Event event;
    event.mutable_event_refused()->set_reason("no songs");
    return logs.handle({.listener = {listener},
                        .sequence = sequence,
                        .event = numbered_id(listener * 1000 + sequence),
                        .fact = event,
                        .state = ""});
  }
  static std::set<std::string> held(const std::vector<Logs*>& workers) {
    std::set<std::string> all;
    for (const Logs* one : workers)
      for (const std::string& line : one->seats().held)
        EXPECT_TRUE(all.insert(line).second) << line << " has two writers";
    return all;
  }
  PublicLog published(const std::string& line) {
    const LogPlace place(kFolder, LogName{line});
    const auto text = read_whole(disk_, public_folder(place) / "vkey").value();
    return PublicLog::open(disk_, public_folder(place),
                           parse_vkey(text.substr(0, text.find('\n'))).value())
        .value();
  }

  SimDisk disk_;
  TurningClock clock_;
};

TEST_F(LogsTest, WorkersShareTheLogsAndTakeOverFromTheDead) {
  auto one = worker("ledger-1");
  one->tick();
  EXPECT_EQ(one->seats().held.size(), kLogs) << "alone it has all";
  auto two = worker("ledger-2");
  for (int i = 0; i < 2; ++i) one->tick(), two->tick();
  EXPECT_EQ(one->seats().held.size(), 2U);
  EXPECT_EQ(two->seats().held.size(), 2U);
  EXPECT_EQ(held({one.get(), two.get()}).size(), kLogs);
  auto three = worker("ledger-3");
  for (int i = 0; i < 2; ++i) one->tick(), two->tick(), three->tick();
  EXPECT_EQ(held({one.get(), two.get(), three.get()}).size(), kLogs);
  EXPECT_TRUE(one->keeps_root());
  one.reset();
  for (int i = 0; i < 2; ++i) two->tick(), three->tick();
  EXPECT_EQ(held({two.get(), three.get()}).size(), kLogs);
  EXPECT_TRUE(two->keeps_root() || three->keeps_root());
}

TEST_F(LogsTest, SecondWorkerOfOneNameIsRefused) {
  const auto one = worker("ledger-1");
  EXPECT_EQ(Logs::open(disk_, kFolder, clock_, {.build = {}}, "ledger-1").error().code,
            Errc::kConflict);
}

TEST_F(LogsTest, PartitionGoesToOneLogForGoodAndSendersAgree) {
  const auto lines = partition_lines(disk_, kFolder);
  ASSERT_EQ(lines.size(), kLogs);
  std::set<std::string> used;
  for (std::uint64_t listener = 0; listener < 500; ++listener) {
    const std::string line = line_of({listener}, lines);
    EXPECT_EQ(line, lines[owner_of(partition_of({listener}), lines)]);
    used.insert(line);
  }
  EXPECT_EQ(used.size(), kLogs);
}

TEST_F(LogsTest, EventOfAnotherWorkersLogWaits) {
  auto one = worker("ledger-1"), two = worker("ledger-2");
  for (int i = 0; i < 3; ++i) one->tick(), two->tick();
  int here = 0, there = 0;
  for (std::uint64_t listener = 1; listener <= 40; ++listener) {
    const auto first = refuse(*one, listener, 1), second = refuse(*two, listener, 1);
    EXPECT_NE(first.has_value(), second.has_value());
    EXPECT_EQ((first ? second : first).error().code, Errc::kUnavailable);
    (first ? here : there) += 1;
  }
  EXPECT_GT(here, 0);
  EXPECT_GT(there, 0);
}

TEST_F(LogsTest, RootsKeyAloneProvesARecordOfEachLog) {
  auto one = worker("ledger-1");
  one->tick();
  for (std::uint64_t listener = 1; listener <= 60; ++listener)
    ASSERT_TRUE(refuse(*one, listener, 1));
  ASSERT_TRUE(one->flush());
  one->tick();
  one->tick();  // the root takes what the logs have published
  const PublicLog root = published("");
  EXPECT_TRUE(verify_joints(disk_, kFolder));
  for (const std::string& line : partition_lines(disk_, kFolder)) {
    const PublicLog log = published(line);
    ASSERT_GT(log.head().size, 1U);
    const auto proof = prove_rooted(root, log, 1);
    ASSERT_TRUE(proof) << proof.error().message;
    const auto read = decode_rooted(encode_rooted(*proof));
    ASSERT_TRUE(read && *read);
    const Digest leaf = leaf_hash(proof->record.extra);
    EXPECT_TRUE(check_rooted(**read, leaf, root.key()));
    EXPECT_FALSE(check_rooted(**read, leaf, log.key())) << "the root's key it must be";
    EXPECT_FALSE(check_rooted(**read, leaf_hash("another record"), root.key()));
    RootedProof other = *proof;
    other.record.checkpoint = root.note();
    EXPECT_FALSE(check_rooted(other, leaf, root.key()));
  }
}

TEST_F(LogsTest, LogThatWasForkedIsNotTakenByTheRoot) {
  auto one = worker("ledger-1");
  for (std::uint64_t listener = 1; listener <= 60; ++listener) one->tick();
  one.reset();
  // The same key signs another tree.
  const LogPlace place(kFolder, LogName{partition_line(0)});
  const auto key = load_log_key(disk_, place, "");
  auto root = Ledger::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .build = {}}).value();
  const std::uint64_t before = root->size();
  const std::string fork = sign_note(encode_checkpoint({key->name, 1, leaf_hash("fork")}), *key);
  ASSERT_TRUE(replace_whole(disk_, public_folder(place) / "checkpoint", fork));
  const auto gathered = gather_heads(disk_, *root);
  ASSERT_FALSE(gathered);
  EXPECT_EQ(gathered.error().code, Errc::kCorrupt) << gathered.error().message;
  EXPECT_EQ(root->size(), before);
}

TEST_F(LogsTest, SealedLogOfAPartitionIsFollowedByTheRoot) {
  {
    auto log = Ledger::open(disk_, LogPlace(kFolder, LogName{partition_line(2)}), clock_,
                            {.origin = "x", .build = {}})
                   .value();
    ASSERT_TRUE(log->rotate(""));
    ASSERT_TRUE(log->change_key());
    ASSERT_TRUE(log->publish());
  }
  auto one = worker("ledger-1");
  one->tick();
  one->tick();
  EXPECT_TRUE(verify_joints(disk_, kFolder));
  EXPECT_TRUE(newest_head(published(""), std::string(kTestOrigin) + "/2/2"));
  EXPECT_EQ(all_logs(disk_, kFolder).size(), kLogs + 2U);
}

}  // namespace
}  // namespace groove::ledger
