#include "fetcher/analysis_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/shared_data.h"

namespace groove::fetcher {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

sound::Analysis small_analysis() {
  sound::Analysis analysis;
  analysis.duration = 12.5;
  analysis.loudness = -11.25;
  analysis.tempo = 120;
  analysis.key = 9;
  analysis.mode = 0;
  analysis.summary.energy = 0.75;
  analysis.beats = {{0.5, 0.5, 0.9}, {1.0, 0.5, 0.8}};
  analysis.bars = {{0.5, 2.0, 0.7}};
  analysis.tatums = {{0.5, 0.25, 0.6}};
  analysis.sections = {
      {.start = 0, .duration = 12.5, .confidence = 1, .loudness = -11, .tempo = 120}};
  sound::Segment segment{.start = 0, .duration = 0.4, .loudness_start = -60, .loudness_max = -10};
  segment.pitches.fill(0.5F);
  segment.timbre.fill(-12.125F);
  analysis.segments = {segment};
  return analysis;
}

std::string text_of(const sound::Analysis& analysis) {
  std::string text;
  print_json(analysis, {.input = "vorbis", .made_at = 1'563'337'567, .seconds_taken = 0.5},
             [&](std::string_view piece) { text += piece; });
  return text;
}

std::set<std::string> names(const json::value& object) {
  std::set<std::string> out;
  for (const auto& member : object.as_object()) out.emplace(member.key());
  return out;
}

TEST(AnalysisTextTest, IsJsonWithWhatTheAnalysisHolds) {
  const json::value answer = json::parse(text_of(small_analysis()));
  EXPECT_EQ(answer.at("track").at("duration").as_double(), 12.5);
  EXPECT_EQ(answer.at("track").at("loudness").as_double(), -11.25);
  EXPECT_EQ(answer.at("track").at("key").as_int64(), 9);
  EXPECT_EQ(answer.at("beats").as_array().size(), 2u);
  EXPECT_EQ(answer.at("beats").at(1).at("start").as_double(), 1.0);
  EXPECT_EQ(answer.at("segments").at(0).at("timbre").as_array().size(), 12u);
  EXPECT_EQ(answer.at("segments").at(0).at("timbre").at(3).as_double(), -12.125);
  EXPECT_EQ(answer.at("audio_features").at("energy").as_double(), 0.75);
}

TEST(AnalysisTextTest, ASongWithoutAnythingIsJsonToo) {
  const json::value answer = json::parse(text_of({}));
  EXPECT_TRUE(answer.at("segments").as_array().empty());
  EXPECT_TRUE(answer.at("bars").as_array().empty());
}

TEST(AnalysisTextTest, ManySegmentsComeInPieces) {
  sound::Analysis analysis = small_analysis();
  analysis.segments.resize(5'000, analysis.segments[0]);
  std::size_t pieces = 0, longest = 0;
  print_json(analysis, {}, [&](std::string_view piece) {
    ++pieces;
    longest = std::max(longest, piece.size());
  });
  EXPECT_GT(pieces, 10u);
  EXPECT_LT(longest, 70'000u);
  EXPECT_EQ(json::parse(text_of(analysis)).at("segments").as_array().size(), 5'000u);
}

// The genuine answer's members, all of them, each of the same kind.
TEST(AnalysisTextTest, HasTheMembersOfAGenuineAnswer) {
  const auto path = test::shared_data("analysis/jramcast_audio_analysis.json");
  GROOVE_SKIP_WITHOUT(path);
  std::stringstream genuine_text;
  genuine_text << std::ifstream(path).rdbuf();
  const json::value genuine = json::parse(genuine_text.str());
  const json::value ours = json::parse(text_of(small_analysis()));
  for (const char* part : {"meta", "track"})
    EXPECT_EQ(names(ours.at(part)), names(genuine.at(part)));
  for (const char* list : {"bars", "beats", "tatums", "sections"})
    EXPECT_EQ(names(ours.at(list).at(0)), names(genuine.at(list).at(0))) << list;
  EXPECT_EQ(names(ours.at("segments").at(0)),
            names(genuine.at("segments").as_array().back()));  // the last has loudness_end
  for (const auto& member : genuine.at("track").as_object())
    EXPECT_EQ(ours.at("track").at(member.key()).is_string(), member.value().is_string())
        << member.key();
}

TEST(AnalysisTextTest, AReaderSeesTheWholeSong) {
  const std::string text = to_text(small_analysis(), {.input = "flac"});
  EXPECT_THAT(text, HasSubstr("0:12 of flac, -11.2 LUFS, A minor"));
  EXPECT_THAT(text, HasSubstr("120.0 beats a minute"));
}

}  // namespace
}  // namespace groove::fetcher
