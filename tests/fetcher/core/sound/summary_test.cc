#include "fetcher/core/sound/summary.h"

#include <gtest/gtest.h>

#include "fetcher/core/sound/analyzer.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

Analysis analysis_of(const std::vector<float>& mono) {
  Analyzer analyzer;
  analyzer.feed(mono, mono);
  return analyzer.finish();
}

std::vector<double> values(const Summary& s) {
  return {s.acousticness, s.danceability, s.energy, s.instrumentalness,
          s.liveness,     s.speechiness,  s.valence};
}

// Drums and a loud bright chord, twice a second.
std::vector<float> rock() {
  std::vector<float> sound = noise(20, 0.02, 1);
  for (int i = 0; i < 40; ++i) {
    add_tone(sound, 0.5 * i, 0.1, 60, 0.5, 2, 20);
    for (int key : {52, 59, 64, 71}) add_tone(sound, 0.5 * i, 0.45, hz_of(key), 0.1, 25, 2);
  }
  return sound;
}

std::vector<float> lullaby() {
  std::vector<float> sound = silence(20);
  for (int i = 0; i < 16; ++i)
    add_tone(sound, 1.2 * i + 0.1 * (i % 3), 1.2, hz_of(57 + 2 * (i % 5)), 0.05, 2, 1.5);
  return sound;
}

TEST(SummaryTest, EveryFeatureIsAShare) {
  for (const auto& sound :
       {rock(), lullaby(), silence(3), noise(5, 1, 2), noise(0.05, 0.5, 3), std::vector<float>{}})
    for (const double value : values(analysis_of(sound).summary)) {
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
    }
}

TEST(SummaryTest, RockHasMoreEnergyAndDanceThanALullaby) {
  const Summary loud = analysis_of(rock()).summary, soft = analysis_of(lullaby()).summary;
  EXPECT_GT(loud.energy, soft.energy + 0.3);
  EXPECT_GT(loud.danceability, soft.danceability);
  EXPECT_LT(loud.acousticness, soft.acousticness - 0.3);
}

TEST(SummaryTest, SyllablesAreSpeech) {
  // A buzz that opens and closes four times a second, with a pause each two seconds.
  std::vector<float> sound = noise(20, 0.002, 5);
  for (int i = 0; i < 80; ++i)
    if (i % 8 < 6) add_tone(sound, 0.25 * i, 0.17, 110 + 7 * (i % 5), 0.1, 25);
  EXPECT_GT(analysis_of(sound).summary.speechiness, analysis_of(lullaby()).summary.speechiness);
  EXPECT_LT(analysis_of(sound).summary.instrumentalness,
            analysis_of(lullaby()).summary.instrumentalness);
}

TEST(SummaryTest, ChunksDoNotMatterToTheWholeAnalysis) {
  const std::vector<float> sound = rock();
  const Analysis whole = analysis_of(sound);
  Analyzer analyzer;
  for (std::size_t at = 0; at < sound.size(); at += 777) {
    const auto piece = std::span(sound).subspan(at, std::min<std::size_t>(777, sound.size() - at));
    analyzer.feed(piece, piece);
  }
  const Analysis pieces = analyzer.finish();
  EXPECT_EQ(values(pieces.summary), values(whole.summary));
  EXPECT_EQ(pieces.series, whole.series);
  EXPECT_EQ(pieces.vector, whole.vector);
  ASSERT_EQ(pieces.segments.size(), whole.segments.size());
  for (std::size_t i = 0; i < whole.segments.size(); ++i) {
    EXPECT_EQ(pieces.segments[i].timbre, whole.segments[i].timbre);
    EXPECT_EQ(pieces.segments[i].pitches, whole.segments[i].pitches);
  }
}

}  // namespace
}  // namespace groove::sound
