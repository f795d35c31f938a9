// The program itself, stopped in the middle: it reads from a pipe that the test holds, so "the
// middle" is a place and not a moment.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/fetcher/songs_csv.h"
#include "tests/support/temp_dir.h"
#include "workers/catalog.h"
#include "workers/durable_file.h"

extern char** environ;

namespace groove::fetcher {
namespace {

using testing::HasSubstr;

class ProgramTest : public testing::Test {
 protected:
  // Starts `groove-fetcher import FILE --catalog ...` with its outputs in files.
  pid_t start(const std::filesystem::path& input, const std::string& option = "--json") {
    const std::string file = input.string(), catalog = this->catalog().string();
    const char* arguments[] = {GROOVE_FETCHER,  "import",       file.c_str(), "--catalog",
                               catalog.c_str(), option.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const auto output = [&](int fd, const char* name) {
      posix_spawn_file_actions_addopen(&actions, fd, (folder_ / name).c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0644);
    };
    output(STDOUT_FILENO, "out");
    output(STDERR_FILENO, "err");
    pid_t pid = 0;
    EXPECT_EQ(::posix_spawn(&pid, GROOVE_FETCHER, &actions, nullptr,
                            const_cast<char* const*>(arguments), environ),
              0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
  }
  static int waited(pid_t pid) {
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return status;
  }
  int exit_code(const std::filesystem::path& input, const std::string& option = "--json") {
    const int status = waited(start(input, option));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // A pipe by name, and what is written to it. Opening waits for the program to open its end;
  // writing more than a pipe holds waits for it to read.
  std::filesystem::path pipe() {
    EXPECT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    return folder_ / "pipe";
  }
  int give(const std::filesystem::path& to, const std::string& text) {
    const int fd = ::open(to.c_str(), O_WRONLY);
    EXPECT_GE(fd, 0);
    EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return fd;
  }

  std::string said(const char* name) { return read_file(folder_ / name).value(); }
  std::filesystem::path catalog() const { return folder_ / "catalog.groove"; }
  std::filesystem::path songs(int count) {
    std::ofstream(folder_ / "t.csv") << test::songs(0, count);
    return folder_ / "t.csv";
  }

  groove::test::TempDir folder_;
};

TEST_F(ProgramTest, ResultsGoToStdoutAndTheExitCodeSaysYes) {
  EXPECT_EQ(exit_code(songs(100)), 0) << said("err");
  EXPECT_THAT(said("out"), HasSubstr("\"songs\":100"));
  EXPECT_EQ(Catalog::open(catalog()).value().size(), 100u);
}

TEST_F(ProgramTest, UnreadableInputAndWrongUsageAreTwo) {
  EXPECT_EQ(exit_code(folder_ / "absent"), 2);
  EXPECT_THAT(said("err"), HasSubstr("No such file"));
  std::ofstream(folder_ / "g.csv") << "artists,genres\n";
  EXPECT_EQ(exit_code(folder_ / "g.csv"), 2);
  EXPECT_THAT(said("err"), HasSubstr("the header lacks id, name"));
  EXPECT_EQ(exit_code(songs(1), "--nonsense"), 2);
  EXPECT_EQ(exit_code(songs(1), "--help"), 0);
}

TEST_F(ProgramTest, AKilledImportLeavesTheOldCatalogue) {
  ASSERT_EQ(exit_code(songs(100)), 0);
  const std::string old = read_file(catalog()).value();
  const auto input = pipe();
  const pid_t pid = start(input);
  const int fd = give(input, test::songs(0, 10'000));
  ::kill(pid, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(waited(pid)));
  ::close(fd);
  EXPECT_EQ(read_file(catalog()).value(), old);
  EXPECT_TRUE(Catalog::open(catalog()));
}

TEST_F(ProgramTest, CtrlCLeavesTheOldCatalogueAndNothingBesideIt) {
  ASSERT_EQ(exit_code(songs(100)), 0);
  const std::string old = read_file(catalog()).value();
  const auto input = pipe();
  const pid_t pid = start(input);
  const int fd = give(input, test::songs(0, 10'000));
  ::kill(pid, SIGINT);
  // The stop is seen at the next piece of text: the end of the pipe gives one.
  ::close(fd);
  const int status = waited(pid);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(said("err"), HasSubstr("the catalogue is as it was"));
  EXPECT_EQ(read_file(catalog()).value(), old);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
}

}  // namespace
}  // namespace groove::fetcher
