// Real faults on real files while a ledger publishes: kill -9, no room on the disk, and by strace
// an error or a death at the n-th write, sync or rename. After each the ledger opens again, nothing
// that was acknowledged is gone, and what is published verifies and only grew.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/log_key.h"
#include "ledger/public_log.h"
#include "tests/ledger/command.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

class FaultTest : public ::testing::Test {
 protected:
  static Status add(Ledger& ledger, std::size_t reason_bytes = 10) {
    const std::uint64_t number = ledger.size();
    v1::Event event;
    event.mutable_event_refused()->set_reason(std::string(reason_bytes, 'r'));
    const auto done = ledger.handle({.listener = {7},
                                     .sequence = number,
                                     .event = numbered_id(number),
                                     .fact = event,
                                     .state = ""});
    if (!done) return std::unexpected(done.error());
    return ledger.flush();
  }
  Result<std::unique_ptr<Ledger>> open(const fs::path& folder) {
    return Ledger::open(system_io(), folder, clock_, {.origin = kTestOrigin, .build = {}});
  }
  // Verified, and grown from `since` (a note; empty: none). The note of the head.
  std::string verified(const fs::path& folder, const std::string& since) {
    const auto key = load_log_key(system_io(), folder, kTestOrigin)->verifier();
    const auto log = PublicLog::open(system_io(), public_folder(folder), key);
    if (!log) return ADD_FAILURE() << log.error().message, since;
    const auto ok = log->verify(since.empty() ? std::nullopt : std::optional(since), nullptr);
    EXPECT_TRUE(ok) << (ok ? "" : ok.error().message);
    return read_whole(system_io(), public_folder(folder) / "checkpoint").value_or("");
  }

  test::TempDir folder_;
  FakeClock clock_;
};

TEST_F(FaultTest, KilledWhilePublishingAgainAndAgain) {
  const fs::path folder = folder_ / "ledger";
  std::string head;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto ledger = open(folder);
      if (!ledger) ::_exit(1);
      for (;;) {
        if (!add(**ledger)) ::_exit(1);
        const std::uint64_t size = (*ledger)->size();
        if (::write(ends[1], &size, sizeof size) != sizeof size) ::_exit(1);
        if (size % 3 == 0 && !(*ledger)->publish()) ::_exit(1);
      }
    }
    ::close(ends[1]);
    std::uint64_t size = 0;
    for (int heard = 0; heard < 2 + round * 5 % 23; ++heard) {
      ASSERT_EQ(::read(ends[0], &size, sizeof size), ssize_t{sizeof size}) << "round " << round;
      acknowledged = size;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &size, sizeof size) == ssize_t{sizeof size}) acknowledged = size;
    ::close(ends[0]);

    auto ledger = open(folder);
    ASSERT_TRUE(ledger) << "round " << round << ": " << ledger.error().message;
    ASSERT_GE((*ledger)->size(), acknowledged) << "round " << round;
    ASSERT_TRUE((*ledger)->publish());
    head = verified(folder, head);
  }
}

// In a namespace of its own, so that no mount is left behind.
void fill_a_small_disk(const fs::path& mount, int pipe,
                       const std::function<Result<std::unique_ptr<Ledger>>(const fs::path&)>& open,
                       const std::function<Status(Ledger&)>& add) {
  const auto say = [&](char what) {
    if (::write(pipe, &what, 1) != 1) ::_exit(1);
  };
  const uid_t uid = ::getuid();
  const gid_t gid = ::getgid();
  if (::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) say('S'), ::_exit(0);
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
  if (::mount("none", mount.c_str(), "tmpfs", 0, "size=6m") != 0) say('S'), ::_exit(0);
  std::uint64_t acknowledged = 0;
  {
    auto ledger = open(mount / "ledger");
    if (!ledger) say('o'), ::_exit(0);
    while (add(**ledger) && (*ledger)->publish()) acknowledged = (*ledger)->size();
    if (add(**ledger)) say('g');  // it went on after an error
  }
  if (acknowledged < 10) say('f');
  if (::mount("none", mount.c_str(), "tmpfs", MS_REMOUNT, "size=40m") != 0) say('m');
  auto ledger = open(mount / "ledger");
  if (!ledger) say('r'), ::_exit(0);
  if ((*ledger)->size() < acknowledged) say('l');
  if (!add(**ledger) || !(*ledger)->publish()) say('w');
  say('.');
  ::_exit(0);
}

TEST_F(FaultTest, FullDiskStopsTheLedgerAndLosesNothing) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0)
    fill_a_small_disk(
        folder_.path(), ends[1], [this](const fs::path& folder) { return open(folder); },
        [](Ledger& ledger) { return add(ledger, 60'000); });
  ::close(ends[1]);
  std::string said;
  for (char c; ::read(ends[0], &c, 1) == 1;) said += c;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  if (said == "S") GTEST_SKIP() << "no small disk can be mounted here";
  EXPECT_EQ(said, ".") << "o: cannot open; g: goes on after an error; f: full at once; r: cannot "
                          "reopen; l: lost what was acknowledged; w: cannot write afterwards";
}

TEST_F(FaultTest, ErrorOrDeathAtAnyWriteSyncOrRename) {
  if (run_shell("strace -f -o /dev/null true").first != 0)
    GTEST_SKIP() << "strace is not here, or tracing is not allowed";
  int injected = 0;
  for (const std::string call : {"pwrite64", "fdatasync", "fsync", "rename"})
    for (const std::string fault : {"error=EIO", "signal=KILL"})
      for (const int nth : {1, 3, 8}) {
        const std::string where = call + " " + fault + " " + std::to_string(nth);
        const fs::path folder = folder_ / (call + fault.substr(0, 5) + std::to_string(nth)) / "l";
        ASSERT_EQ(run_shell(MAKE_LEDGER " " + folder.string() + " 2 260").first, 0);
        const std::string head = verified(folder, "");
        const auto [code, text] =
            run_shell("strace -f -qq -o /dev/null -e trace=" + call + " -e inject=" + call + ":" +
                      fault + ":when=" + std::to_string(nth) + " " MAKE_LEDGER " " +
                      folder.string() + " 262 270 515");
        injected += code != 0;
        const auto [again, said] = run_shell(MAKE_LEDGER " " + folder.string() + " 520");
        ASSERT_EQ(again, 0) << where << ": " << said;
        verified(folder, head);
        ASSERT_EQ(run_shell(GROOVE_LEDGER " verify " + folder.string()).first, 0) << where;
      }
  EXPECT_GT(injected, 15) << "the faults do not reach the ledger";
}

TEST_F(FaultTest, SecondWriterIsTurnedAwayByEveryCommandThatWrites) {
  const fs::path folder = folder_ / "ledger";
  auto ledger = open(folder);
  ASSERT_TRUE(ledger);
  ASSERT_TRUE((*ledger)->publish());
  for (const std::string command : {"init", "publish"})
    EXPECT_EQ(run_shell(GROOVE_LEDGER " " + command + " " + folder.string()).first, 4) << command;
  EXPECT_EQ(run_shell(GROOVE_LEDGER " verify " + folder.string()).first, 0);
}

TEST_F(FaultTest, OldCopyThatIsPutBackRefusesToSign) {
  const fs::path folder = folder_ / "ledger", copy = folder_ / "copy";
  const std::string make = MAKE_LEDGER " " + folder.string();
  ASSERT_EQ(run_shell(make + " 5").first, 0);
  fs::copy(folder / "private", copy, fs::copy_options::recursive);
  ASSERT_EQ(run_shell(make + " 9").first, 0);
  const std::string head = verified(folder, "");
  fs::remove_all(folder / "private");
  fs::copy(copy, folder / "private", fs::copy_options::recursive);
  const auto [code, text] = run_shell(GROOVE_LEDGER " publish " + folder.string());
  EXPECT_EQ(code, 3);
  EXPECT_THAT(text, ::testing::HasSubstr("old copy"));
  EXPECT_EQ(verified(folder, ""), head) << "what is published is as it was";
}

}  // namespace
}  // namespace groove::ledger
