// Real files, real processes: killed ones, two at once, and the command line.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/ledger/command.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ProcessTest : public ::testing::Test {
 protected:
  fs::path ledger() const { return folder_ / "ledger"; }
  Result<std::unique_ptr<Store>> open() {
    return Store::open(system_io(), ledger(), clock_,
                       {.origin = kTestOrigin, .segment_bytes = 64 * 1024, .visit = nullptr});
  }
  static std::string payload(std::uint64_t number) {
    return std::string(number * 131 % 3000, static_cast<char>('a' + number % 26));
  }
  static Result<Store::Appended> append(Store& store, std::uint64_t number) {
    return store.append(numbered_id(number), Kind::kBatch, batch_body(payload(number)),
                        payload(number));
  }

  // A child that runs `body` with the write end of a pipe; the read end is left in pipe_.
  pid_t spawn(const std::function<void(int)>& body) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
    return child;
  }
  std::optional<std::uint64_t> hear() {
    std::uint64_t number = 0;
    if (::read(pipe_, &number, sizeof number) != sizeof number) return std::nullopt;
    return number;
  }
  static void say(int pipe, std::uint64_t number) {
    if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(1);
  }
  void kill_hard(pid_t child) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }

  // Exit code and stdout of groove-ledger.
  std::pair<int, std::string> run(const std::string& arguments) {
    return run_shell(GROOVE_LEDGER " " + arguments);
  }

  test::TempDir folder_;
  FakeClock clock_;
  int pipe_ = -1;
};

TEST_F(ProcessTest, KilledAgainAndAgainLosesNothingItAcknowledged) {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t round = 0; round < 25; ++round) {
    const pid_t child = spawn([&](int pipe) {
      auto store = open();
      if (!store) ::_exit(1);
      for (std::uint64_t number = (*store)->size();; ++number) {
        if (!append(**store, number) || (number % 3 == 0 && !(*store)->sync())) ::_exit(1);
        if (number % 3 == 0) say(pipe, number);
      }
    });
    const std::uint64_t enough = 1 + round * 7 % 20;
    for (std::uint64_t heard = 0; heard < enough; ++heard) {
      const auto number = hear();
      ASSERT_TRUE(number) << "the writer ended by itself in round " << round;
      acknowledged = *number;
    }
    kill_hard(child);
    while (const auto number = hear()) acknowledged = *number;  // what it said before it died
    ::close(pipe_);

    auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_GT((*store)->size(), acknowledged) << "round " << round;
    for (std::uint64_t i = 1; i < (*store)->size(); ++i)
      ASSERT_EQ((*store)->get(i)->payload, payload(i)) << "record " << i;
  }
  EXPECT_EQ(run("verify " + ledger().string()).first, 0);
}

TEST_F(ProcessTest, SecondProcessIsToldWhoHasTheLedger) {
  const pid_t child = spawn([&](int pipe) {
    auto store = open();
    say(pipe, store.has_value());
    ::pause();
  });
  ASSERT_EQ(hear(), 1U);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(child)));
  EXPECT_EQ(run("verify " + ledger().string()).first, 0) << "verifying needs no lock";
  kill_hard(child);
  ::close(pipe_);
  EXPECT_TRUE(open()) << "a dead process holds nothing";
}

TEST_F(ProcessTest, FilesAreTheOwnersAlone) {
  ASSERT_TRUE(open());
  struct stat info = {};
  ASSERT_EQ(::stat((ledger() / "private").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat((segment_folder(ledger()) / segment_name(0)).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

class CommandTest : public ProcessTest {
 protected:
  void SetUp() override {
    auto store = open().value();
    for (std::uint64_t i = 1; i <= 3; ++i) {
      ASSERT_TRUE(append(*store, i));
      ASSERT_TRUE(store->sync());
    }
    root_ = to_string(store->root());
    head_ = to_string(store->head());
  }
  void flip(std::size_t at) {
    std::fstream file(segment_folder(ledger()) / segment_name(0),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 1));
  }

  std::string root_, head_;
};

TEST_F(CommandTest, VerifyPrintsSizeHeadAndRoot) {
  for (const fs::path& place : {folder_.path(), ledger(), ledger() / "private"}) {
    const auto [code, text] = run("verify " + place.string());
    EXPECT_EQ(code, 0) << text;
    EXPECT_THAT(text, HasSubstr("entries  4"));
    EXPECT_THAT(text, HasSubstr(head_));
    EXPECT_THAT(text, HasSubstr(root_));
  }
  const auto [code, text] = run("verify --json --data " + folder_.path().string());
  EXPECT_EQ(code, 0);
  const auto json = boost::json::parse(text).as_object();
  EXPECT_TRUE(json.at("ok").as_bool());
  EXPECT_EQ(json.at("entries").to_number<int>(), 4);
  EXPECT_EQ(json.at("root").as_string(), root_);
}

TEST_F(CommandTest, VerifyNamesTheDamageAndSaysNo) {
  flip(700);
  const auto [code, text] = run("verify " + ledger().string());
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text, HasSubstr("record"));
  const auto json =
      boost::json::parse(run("verify --json " + ledger().string()).second).as_object();
  EXPECT_FALSE(json.at("ok").as_bool());
  EXPECT_THAT(std::string(json.at("wrong").as_string()), HasSubstr("record"));
}

TEST_F(CommandTest, NoLedgerOrNoSuchOptionIsTwo) {
  EXPECT_EQ(run("verify /nonexistent").first, 2);
  EXPECT_EQ(run("verify").first, 2);
  EXPECT_EQ(run("verify --nonsense").first, 2);
  EXPECT_EQ(run("").first, 2);
  EXPECT_EQ(run("show 99 " + ledger().string()).first, 2);
  EXPECT_EQ(run("verify --help").first, 0);
}

TEST_F(CommandTest, ShowPrintsARecord) {
  const auto [code, text] = run("show 0 --json " + ledger().string());
  EXPECT_EQ(code, 0);
  const auto json = boost::json::parse(text).as_object();
  EXPECT_EQ(json.at("kind").as_string(), "genesis");
  EXPECT_EQ(json.at("body").as_object().at("origin").as_string(), kTestOrigin);
  EXPECT_THAT(run("show 2 " + ledger().string()).second, HasSubstr(to_string(numbered_id(2))));
}

}  // namespace
}  // namespace groove::ledger
