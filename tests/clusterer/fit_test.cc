#include "clusterer/fit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "clusterer/core/npy.h"
#include "groove/v1/model.pb.h"
#include "tests/clusterer/core/plain_series.h"
#include "tests/clusterer/stage_fixture.h"

namespace groove::clusterer {
namespace {

using testing::HasSubstr;

class FitTest : public StageTest {
 protected:
  struct Outcome {
    int code = -1;
    std::string out;
    boost::json::object json() const { return boost::json::parse(out).as_object(); }
  };

  Outcome call(const std::string& arguments, bool errors = false,
               const std::string& environment = "") const {
    const std::string command = fmt::format("{} {} fit {} {}", environment, GROOVE_CLUSTERER,
                                            arguments, errors ? "2>&1" : "2>/dev/null");
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
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string given(const std::string& name, const std::string& bytes) const {
    EXPECT_TRUE(replace_file(folder_ / name, bytes));
    return file(name);
  }
  std::string out() const { return "--out " + file("fit.model"); }
  std::string why(const std::string& arguments) const {
    const Outcome outcome = call(arguments + " " + out(), true);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    return outcome.out;
  }
};

TEST_F(FitTest, WritesLabelsBarycentersAndModelAndSaysWhatWasFound) {
  const auto sample = plain::waves(60, 3, 20, 30, 4, 1);
  const std::string series = given("songs.npy", npy_of(sample.series));
  given("songs_labels.npy", npy_of(sample.labels));
  const auto outcome = call(series + " --clusters 3 --restarts 4 --json " + out());
  ASSERT_EQ(outcome.code, 0);
  const auto said = outcome.json();
  EXPECT_EQ(said.size(), 5U);
  for (const char* key : {"inertia", "iterations", "sizes", "seconds"})
    EXPECT_TRUE(said.contains(key)) << key;
  EXPECT_EQ(said.at("ari").to_number<double>(), 1);

  const std::string labels = read_file(folder_ / "fit.labels.npy").value();
  EXPECT_EQ(read_npy(labels).value().size(), 60U);
  v1::SeriesModel model;
  ASSERT_TRUE(model.ParseFromString(read_file(folder_ / "fit.model").value()));
  EXPECT_EQ(model.clusters_size(), 3);
  EXPECT_EQ(model.labels().size(), 240U);
  const auto again = call(series + " --init " + file("fit.barycenters.npy") + " --json " + out());
  EXPECT_NEAR(again.json().at("inertia").to_number<double>(),
              said.at("inertia").to_number<double>(), 1e-5);
}

TEST_F(FitTest, WithoutLabelsThereIsNoAri) {
  const auto sample = plain::waves(20, 2, 10, 10, 1, 2);
  const auto outcome = call(given("x.npy", npy_of(sample.series)) +
                            " --clusters 2 --metric euclidean --json " + out());
  EXPECT_TRUE(outcome.json().at("ari").is_null());
}

TEST_F(FitTest, ReadsTsFilesWithTheirClasses) {
  const auto outcome = call(given("x.ts",
                                  "@classLabel true a b\n@data\n0,0,0:a\n9,9,9,9:b\n0,0,1:a\n"
                                  "9,8,9:b\n") +
                            " --clusters 2 --json " + out());
  ASSERT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.json().at("ari").to_number<double>(), 1);
}

TEST_F(FitTest, WhatIsWrongIsSaid) {
  const auto sample = plain::waves(5, 2, 10, 14, 2, 3);
  const std::string series = given("x.npy", npy_of(sample.series));
  EXPECT_THAT(why(series), HasSubstr("how many clusters"));
  EXPECT_THAT(why(series + " --clusters 6"), HasSubstr("only 5 series"));
  EXPECT_THAT(why(series + " --clusters 2 --metric euclidean"), HasSubstr("the same length"));
  EXPECT_THAT(why(series + " --clusters 2 --metric cosine"), HasSubstr("metric"));
  EXPECT_THAT(why(series + " --clusters 2 --metric softdtw --band 3"), HasSubstr("--band"));
  EXPECT_THAT(why(file("none.npy") + " --clusters 2"), HasSubstr("none.npy"));
  const std::string cut = read_file(folder_ / "x.npy").value();
  EXPECT_THAT(why(given("cut.npy", cut.substr(0, cut.size() - 9)) + " --clusters 2"),
              HasSubstr("cut.npy"));
  const std::vector<Series> other = {{1, {1, 2}}, {1, {3, 4}}};
  EXPECT_THAT(why(series + " --init " + given("i.npy", npy_of(other))),
              HasSubstr("1 dimensions where series have 2"));
  EXPECT_THAT(why(series + " --clusters 3 --init " + file("i.npy")),
              HasSubstr("2 barycenters, but --clusters 3"));
}

TEST_F(FitTest, ACatalogueWithoutSeriesSaysSo) {
  import(10, 2);
  EXPECT_THAT(why(places_.catalog().string() + " --clusters 2"), HasSubstr("has no series"));
}

// But for the digits that a catalogue's series lose.
TEST_F(FitTest, ACataloguesSeriesAreClusteredAsTheSameSeriesInAFile) {
  auto sample = plain::waves(40, 3, 20, 30, 4, 1);
  import(60, 2, 1, sample.series);  // the last twenty songs have none
  const std::string of_file = given("x.npy", npy_of(sample.series));
  for (const std::string metric : {"dtw", "softdtw"}) {
    const std::string options = " --clusters 3 --max-iter 5 --metric " + metric + " ";
    ASSERT_EQ(call(of_file + options + out()).code, 0);
    ASSERT_EQ(call(places_.catalog().string() + options + "--out " + file("songs.model")).code, 0);
    EXPECT_EQ(read_file(folder_ / "songs.labels.npy").value(),
              read_file(folder_ / "fit.labels.npy").value())
        << metric;
    v1::SeriesModel songs, fitted;
    ASSERT_TRUE(songs.ParseFromString(read_file(folder_ / "songs.model").value()));
    ASSERT_TRUE(fitted.ParseFromString(read_file(folder_ / "fit.model").value()));
    EXPECT_NEAR(songs.inertia(), fitted.inertia(), 1e-2 * std::fabs(fitted.inertia())) << metric;
  }
  EXPECT_THAT(why(places_.catalog().string() + " --clusters 41"), HasSubstr("only 40 series"));
}

// What others reached from the same start in ten steps (peers.json there says how).
class ReferenceTest : public FitTest {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("GROOVE_SHARED");
    folder =
        std::filesystem::path(shared != nullptr ? shared : "../shared") / "reference/clustering";
    if (!std::filesystem::exists(folder / "peers.json"))
      GTEST_SKIP() << "no reference results at " << folder << "; set GROOVE_SHARED";
    peers = boost::json::parse(read_file(folder / "peers.json").value()).as_object();
  }
  double inertia_of(const std::string& set, const std::string& peer) const {
    return peers.at(set).at(peer).at("inertia").to_number<double>();
  }
  Outcome fit(const std::string& set, const std::string& metric,
              const std::string& environment = "") const {
    return call(fmt::format("{0}/{1}.npy --init {0}/{1}_init.npy --metric {2} --max-iter 10 "
                            "--barycenter-iter 10 --threads 2 --json {3}",
                            folder.string(), set, metric, out()),
                false, environment);
  }
  std::string labels() const { return read_file(folder_ / "fit.labels.npy").value(); }

  std::filesystem::path folder;
  boost::json::object peers;
};

TEST_F(ReferenceTest, InertiaIsThatOfTslearnOrLess) {
  const std::vector<std::array<std::string, 3>> runs = {
      {"gunpoint", "dtw", "tsl-dtw10"},           {"gunpoint", "softdtw", "tsl-softdtw"},
      {"gunpoint", "euclidean", "tsl-euclidean"}, {"basicmotions", "dtw", "tsl-dtw10"},
      {"basicmotions", "softdtw", "tsl-softdtw"}, {"basicmotions", "euclidean", "tsl-euclidean"},
      {"music200", "dtw", "tsl-dtw10"},           {"music200", "softdtw", "tsl-softdtw"}};
  for (const auto& [set, metric, peer] : runs) {
    const Outcome outcome = fit(set, metric);
    ASSERT_EQ(outcome.code, 0) << set << " " << metric;
    EXPECT_LE(outcome.json().at("inertia").to_number<double>(), inertia_of(set, peer) * 1.001)
        << set << " " << metric;
  }
}

// Averaging in doubles takes the paths that tslearn takes, from the first round to the last.
TEST_F(ReferenceTest, AtFewDimensionsInertiaIsTslearnsToTheDigits) {
  for (const char* set : {"gunpoint", "basicmotions"}) {
    const double theirs = inertia_of(set, "tsl-dtw10");
    EXPECT_NEAR(fit(set, "dtw").json().at("inertia").to_number<double>(), theirs, 1e-6 * theirs)
        << set;
  }
}

TEST_F(ReferenceTest, LabelsAreTheSameOnEveryInstructionSet) {
  for (const char* set : {"gunpoint", "basicmotions", "music200"}) {
    for (const char* metric : {"dtw", "softdtw"}) {
      ASSERT_EQ(fit(set, metric, "GROOVE_ISA=baseline").code, 0);
      const std::string baseline = labels();
      for (const Kernels* kernels : all_kernels()) {
        if (kernels->width == 4) continue;  // the baseline itself
        ASSERT_EQ(fit(set, metric, fmt::format("GROOVE_ISA={}", kernels->name)).code, 0);
        EXPECT_EQ(labels(), baseline) << set << " " << metric << " " << kernels->name;
      }
    }
  }
}

}  // namespace
}  // namespace groove::clusterer
