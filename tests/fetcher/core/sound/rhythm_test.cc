#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/fetcher/core/sound/small_band.h"

namespace groove::sound {
namespace {

// The share of `times` that have one of `found` within 70 ms.
double heard(const std::vector<double>& times, const std::vector<Interval>& found) {
  const auto near = [&](double time) {
    return std::ranges::any_of(found, [&](auto& f) { return std::abs(f.start - time) <= 0.07; });
  };
  return static_cast<double>(std::ranges::count_if(times, near)) /
         static_cast<double>(times.size());
}

std::vector<double> downbeats(const Band& band) {
  std::vector<double> first;
  const std::vector<double> beats = beat_times(band);
  for (std::size_t i = 0; i < beats.size(); i += band.metre) first.push_back(beats[i]);
  return first;
}

TEST(Rhythm, TempoBeatsAndBarsOfABandAreHeard) {
  for (const double bpm : {70.0, 88.0, 104.0, 120.0, 133.0, 150.0}) {
    for (const int metre : {3, 4}) {
      const Band band{.bpm = bpm, .metre = metre};
      const Analysis analysis = analyse(play(band));
      SCOPED_TRACE(testing::Message() << bpm << " beats a minute, " << metre << " a bar");
      EXPECT_NEAR(analysis.tempo, bpm, 0.01 * bpm);
      EXPECT_EQ(analysis.time_signature, metre);
      EXPECT_GE(heard(beat_times(band), analysis.beats), 0.97);
      EXPECT_GE(heard(downbeats(band), analysis.bars), 0.9);
      EXPECT_LE(analysis.beats.size(), beat_times(band).size() + 2);
    }
  }
}

TEST(Rhythm, VerySlowAndVeryFastTemposAreRightOrDoubledOrHalved) {
  for (const double bpm : {50.0, 57.0, 170.0, 185.0, 200.0}) {
    const double tempo = analyse(play({.bpm = bpm})).tempo;
    const bool right = std::ranges::any_of(std::array{0.5, 1.0, 2.0}, [&](double f) {
      return std::abs(tempo - f * bpm) < 0.02 * f * bpm;
    });
    EXPECT_TRUE(right) << bpm << " was heard as " << tempo;
  }
}

TEST(Rhythm, BeatsFollowATempoThatDrifts) {
  const Band band{.bpm = 100, .bars = 24, .drift = 0.12};
  const Analysis analysis = analyse(play(band));
  EXPECT_GE(heard(beat_times(band), analysis.beats), 0.95);
}

TEST(Rhythm, LoudnessChangesNothing) {
  std::vector<float> sound = play({.bpm = 112, .bars = 8});
  const Analysis loud = analyse(sound);
  for (float& sample : sound) sample *= 0.25F;
  const Analysis soft = analyse(sound);
  EXPECT_NEAR(soft.tempo, loud.tempo, 0.2);
  ASSERT_EQ(soft.beats.size(), loud.beats.size());
  for (std::size_t i = 0; i < loud.beats.size(); ++i)
    EXPECT_NEAR(soft.beats[i].start, loud.beats[i].start, 0.03);
  EXPECT_EQ(soft.key, loud.key);
}

TEST(Rhythm, LeadingSilenceMovesTheBeats) {
  const Analysis plain = analyse(play({.bpm = 112})),
                 late = analyse(play({.bpm = 112, .lead_in = 2.7}));
  ASSERT_FALSE(late.beats.empty());
  EXPECT_NEAR(late.beats[0].start, plain.beats[0].start + 2.7, 0.05);
  EXPECT_NEAR(late.tempo, plain.tempo, 0.2);
  EXPECT_NEAR(late.bars[0].start, plain.bars[0].start + 2.7, 0.05);
}

TEST(Rhythm, BeatsBarsAndTatumsTileTheSong) {
  const Analysis analysis = analyse(play({.bpm = 96, .metre = 3}));
  for (const auto* spans : {&analysis.beats, &analysis.bars, &analysis.tatums}) {
    ASSERT_FALSE(spans->empty());
    for (std::size_t i = 0; i + 1 < spans->size(); ++i)
      EXPECT_NEAR((*spans)[i].start + (*spans)[i].duration, (*spans)[i + 1].start, 1e-9);
    for (const Interval& span : *spans) {
      EXPECT_GE(span.start, 0);
      EXPECT_GT(span.duration, 0);
      EXPECT_GE(span.confidence, 0);
      EXPECT_LE(span.confidence, 1);
    }
  }
  EXPECT_EQ(analysis.tatums.size() % analysis.beats.size(), 0);
}

TEST(Rhythm, SilenceHasNoBeat) {
  const Analysis analysis = analyse(silence(20));
  EXPECT_EQ(analysis.tempo, 0);
  EXPECT_TRUE(analysis.beats.empty());
  EXPECT_EQ(analysis.key, -1);
}

TEST(Rhythm, NoiseInspiresLittleConfidence) {
  const Analysis drums = analyse(play({.bpm = 120}));
  EXPECT_GT(drums.tempo_confidence, 0.5);
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const Analysis analysis = analyse(noise(30, 0.2, seed));
    EXPECT_LT(analysis.tempo_confidence, 0.2) << "seed " << seed;
    EXPECT_LT(analysis.key_confidence, 0.5) << "seed " << seed;
  }
}

TEST(Rhythm, ShortestSongsAreSurvived) {
  for (const double seconds : {0.0, 0.01, 0.5, 0.99, 1.5, 3.0, 3.1}) {
    const Analysis analysis = analyse(noise(seconds, 0.3, 3));
    if (seconds < 1) {
      EXPECT_TRUE(analysis.beats.empty()) << seconds;
    }
  }
}

}  // namespace
}  // namespace groove::sound
