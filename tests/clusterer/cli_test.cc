#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdio>

#include "clusterer/core/kernels.h"
#include "tests/clusterer/core/plain_series.h"
#include "tests/clusterer/stage_fixture.h"
#include "workers/model.h"

namespace groove::clusterer {
namespace {

using testing::HasSubstr;

class CliTest : public StageTest {
 protected:
  struct Outcome {
    int code = -1;
    std::string out;
  };

  // Standard error goes where standard output goes when `errors` is asked for, else nowhere.
  Outcome call(const std::string& arguments, bool errors = false,
               const std::string& environment = "") const {
    const std::string command = fmt::format("{} {} {} {}", environment, GROOVE_CLUSTERER, arguments,
                                            errors ? "2>&1" : "2>/dev/null");
    std::FILE* pipe = ::popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    Outcome outcome;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
      outcome.out.append(buffer, got);
    const int status = ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
  }
  std::string train_command(const std::string& more) const {
    return fmt::format("train --catalog {} --model {} {}", places_.catalog().string(),
                       places_.model().string(), more);
  }
};

TEST_F(CliTest, TrainWritesAModelAndSaysWhatItIs) {
  import(300, 3);
  const Outcome outcome = call(train_command("--clusters 3 --seed 7 --json"));
  ASSERT_EQ(outcome.code, 0);
  const boost::json::object said = boost::json::parse(outcome.out).as_object();
  const Catalog catalog = catalogue();
  const auto model = Model::open(places_.model(), catalog);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(said.at("model").as_string(), to_string(model->digest()));
  EXPECT_EQ(said.at("catalog").as_string(), to_string(catalog.digest()));
  EXPECT_EQ(said.at("songs").as_int64(), 300);
  EXPECT_EQ(said.at("clusters").as_array().size(), 3u);
  EXPECT_EQ(said.at("seed").as_int64(), 7);
  EXPECT_GT(said.at("iterations").as_int64(), 0);
  EXPECT_GE(said.at("inertia").to_number<double>(), 0);
}

TEST_F(CliTest, TrainPrintsForPeopleToo) {
  import(300, 3);
  const Outcome outcome = call(train_command("--clusters 3 --threads 2 --max-iter 50"));
  EXPECT_EQ(outcome.code, 0);
  for (const char* word : {"inertia", "iterations", "seconds", "digest", "size"})
    EXPECT_THAT(outcome.out, HasSubstr(word));
}

TEST_F(CliTest, MoreClustersThanSongsIsExitTwoAndTheModelStays) {
  import(10, 2);
  train_model(2);
  const auto before = read_file(places_.model());
  const Outcome outcome = call(train_command("--clusters 11"), true);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.out, HasSubstr("only 10 songs"));
  EXPECT_EQ(read_file(places_.model()).value(), before.value());
}

TEST_F(CliTest, WhatCannotBeReadIsExitTwo) {
  EXPECT_EQ(call(train_command("")).code, 2) << "no catalogue";
  ASSERT_TRUE(replace_file(places_.catalog(), "not a catalogue"));
  EXPECT_EQ(call(train_command("")).code, 2);
  EXPECT_EQ(call("train --catalog x").code, 2) << "no model named";
  EXPECT_EQ(call("frobnicate").code, 2);
  EXPECT_EQ(call("").code, 2);
}

TEST_F(CliTest, HelpIsExitZero) {
  for (const char* arguments : {"--help", "train --help", "run --help"})
    EXPECT_EQ(call(arguments).code, 0) << arguments;
}

TEST_F(CliTest, SeriesGiveTheSameModelOnEveryInstructionSetAndNumberOfThreads) {
  for (const std::size_t dims : {25U, 5U, 2U}) {
    import(120, 2, 1, plain::waves(100, 6, 10, 40, dims, 7, 0.4F).series);
    std::string first;
    for (const Kernels* kernels : all_kernels()) {
      for (const int threads : {1, 3}) {
        const auto outcome = call(train_command(fmt::format("--clusters 8 --threads {}", threads)),
                                  false, fmt::format("GROOVE_ISA={}", kernels->name));
        ASSERT_EQ(outcome.code, 0);
        const std::string bytes = read_file(places_.model()).value();
        if (first.empty()) first = bytes;
        EXPECT_TRUE(bytes == first) << kernels->name << ", " << dims << " dimensions";
      }
    }
  }
}

}  // namespace
}  // namespace groove::clusterer
