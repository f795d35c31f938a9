// The pool with a stand-in for the child, which crashes, hangs and babbles as it is told.
#include "fetcher/listener_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>

#include "tests/support/temp_dir.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

// Answers with the path as the sound's digest. Field 1 of the ask is the path, 2 "analyse".
constexpr const char* kChild = R"(#!/usr/bin/env python3
import os, signal, struct, sys, time
read, write = sys.stdin.buffer, sys.stdout.buffer
while True:
    head = read.read(4)
    if len(head) < 4:
        sys.exit(0)
    ask = read.read(struct.unpack('<I', head)[0])
    path = ask[2:2 + ask[1]]
    if path == b'/crash':
        os.kill(os.getpid(), signal.SIGSEGV)
    if path == b'/exit':
        sys.exit(7)
    if path == b'/hang':
        time.sleep(1000)
    answer = b'\x1a' + bytes([len(path)]) + path
    if path == b'/babble':
        answer = b'\xff' * 20
    write.write(struct.pack('<I', len(answer)) + answer)
    write.flush()
    if path == b'/last':
        sys.exit(0)
)";

class ListenerPoolTest : public testing::Test {
 protected:
  ListenerPoolTest() {
    std::signal(SIGPIPE, SIG_IGN);  // as watch_for_stop() has it in the program
    std::ofstream(program_) << kChild;
    fs::permissions(program_, fs::perms::owner_all);
  }

  Status run(
      std::vector<std::string> paths, unsigned children = 2,
      const std::function<bool()>& stop = [] { return false; }) {
    ListenerPool pool({.program = program_, .children = children, .per_file = per_file_});
    std::size_t at = 0;
    return pool.run(
        [&]() -> std::optional<v1::ListenAsk> {
          if (at == paths.size()) return std::nullopt;
          v1::ListenAsk ask;
          ask.set_path(paths[at++]);
          return ask;
        },
        [&](const v1::ListenAsk& ask, const v1::ListenAnswer& answer) { return done(ask, answer); },
        stop);
  }

  std::optional<v1::ListenAsk> done(const v1::ListenAsk& ask, const v1::ListenAnswer& answer) {
    const std::string how = answer.refusal().empty() ? answer.audio() : answer.refusal();
    answers_[ask.path() + (ask.analyse() ? " again" : "")] = how;
    if (ask.path() != "/twice" || ask.analyse()) return std::nullopt;
    v1::ListenAsk again = ask;
    again.set_analyse(true);
    return again;
  }

  groove::test::TempDir folder_;
  fs::path program_ = folder_ / "child";
  std::chrono::milliseconds per_file_ = 60s;
  std::map<std::string, std::string> answers_;
};

TEST_F(ListenerPoolTest, EveryFileIsAnsweredOnce) {
  std::vector<std::string> paths;
  for (int i = 0; i < 100; ++i) paths.push_back("/" + std::to_string(i));
  ASSERT_TRUE(run(paths, 4));
  EXPECT_THAT(answers_, SizeIs(100));
  for (const auto& [path, answer] : answers_) EXPECT_EQ(answer, path);
}

TEST_F(ListenerPoolTest, WhatFollowsGoesToTheSameChild) {
  ASSERT_TRUE(run({"/twice", "/b"}, 1));
  EXPECT_THAT(answers_,
              testing::ElementsAre(testing::Pair("/b", "/b"), testing::Pair("/twice", "/twice"),
                                   testing::Pair("/twice again", "/twice")));
}

TEST_F(ListenerPoolTest, ACrashCostsItsFileAlone) {
  ASSERT_TRUE(run({"/a", "/crash", "/b", "/exit", "/babble", "/last", "/c", "/crash", "/d"}, 2));
  EXPECT_THAT(answers_["/crash"], AllOf(HasSubstr("broke on it"), HasSubstr("Segmentation")));
  EXPECT_THAT(answers_["/exit"], HasSubstr("exit 7"));
  EXPECT_THAT(answers_["/babble"], HasSubstr("broke on it"));
  for (const char* path : {"/a", "/b", "/c", "/d", "/last"}) EXPECT_EQ(answers_[path], path);
}

TEST_F(ListenerPoolTest, WhatTakesTooLongIsGivenUp) {
  per_file_ = 2s;  // a child needs its time to start
  ASSERT_TRUE(run({"/hang", "/a", "/b"}, 1));
  EXPECT_THAT(answers_["/hang"], HasSubstr("longer than 2 s"));
  EXPECT_EQ(answers_["/b"], "/b");
}

TEST_F(ListenerPoolTest, AStopEndsWhatIsUnderWay) {
  ASSERT_TRUE(run({"/a", "/hang", "/b"}, 1, [&] { return answers_.contains("/a"); }));
  EXPECT_FALSE(answers_.contains("/b"));
}

TEST_F(ListenerPoolTest, WithoutAProgramNothingIsPretended) {
  program_ = folder_ / "nothing";
  const Status ran = run({"/a"});
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().message, HasSubstr("cannot be started"));
}

TEST_F(ListenerPoolTest, AProgramThatEndsAtOnceIsNoLoop) {
  std::ofstream(program_) << "#!/bin/sh\nexit 1\n";
  static_cast<void>(run({"/a", "/b"}));
  for (const auto& [path, answer] : answers_) EXPECT_THAT(answer, HasSubstr("broke on it"));
}

}  // namespace
}  // namespace groove::fetcher
