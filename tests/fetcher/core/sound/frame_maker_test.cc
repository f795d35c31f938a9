#include "fetcher/core/sound/frame_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

Frames frames_of(const std::vector<float>& mono) {
  FrameMaker maker;
  maker.feed(mono, mono);
  return maker.finish();
}

double total_onset(const Frames& frames, std::size_t frame) {
  double sum = 0;
  for (const auto& band : frames.onset) sum += band[frame];
  return sum;
}

TEST(FrameMakerTest, FramesAreOnTheirGrid) {
  const Frames frames = frames_of(noise(3.0, 0.1, 1));
  EXPECT_EQ(frames.count(), 3 * 22'050 / 512 + 1);
  EXPECT_EQ(frames.pitch_count(), 3 * 22'050 / 1024 + 1);
  EXPECT_EQ(frames.energy.size(), (3 * 22'050 + 127) / 128);
  for (const auto& band : frames.onset) EXPECT_EQ(band.size(), frames.count());
  EXPECT_EQ(frames.fine_chroma.size(), frames.pitch_count() * kFineChroma);
  EXPECT_DOUBLE_EQ(frames.duration, 3.0);
}

TEST(FrameMakerTest, ChunksDoNotMatter) {
  std::vector<float> left = noise(2.3, 0.3, 2), right = noise(2.3, 0.2, 3);
  add_tone(left, 0.5, 1, 440, 0.5, 5);
  FrameMaker whole;
  whole.feed(left, right);
  const Frames expected = whole.finish();
  for (unsigned seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    FrameMaker pieces;
    for (std::size_t done = 0; done < left.size();) {
      const std::size_t count = std::min<std::size_t>(left.size() - done, random() % 5000);
      pieces.feed(std::span(left).subspan(done, count), std::span(right).subspan(done, count));
      done += count;
    }
    const Frames frames = pieces.finish();
    EXPECT_EQ(frames.bands, expected.bands) << "seed " << seed;
    EXPECT_EQ(frames.onset, expected.onset) << "seed " << seed;
    EXPECT_EQ(frames.fine_chroma, expected.fine_chroma) << "seed " << seed;
    EXPECT_EQ(frames.bass, expected.bass) << "seed " << seed;
    EXPECT_EQ(frames.tuning, expected.tuning) << "seed " << seed;
    EXPECT_EQ(frames.energy.size(), expected.energy.size()) << "seed " << seed;
    EXPECT_EQ(frames.energy, expected.energy) << "seed " << seed;
    EXPECT_EQ(frames.tenth_energy, expected.tenth_energy) << "seed " << seed;
  }
}

TEST(FrameMakerTest, EmptyAndOneSample) {
  EXPECT_EQ(frames_of({}).count(), 0u);
  const Frames one = frames_of({0.5F});
  EXPECT_EQ(one.count(), 1u);
  EXPECT_EQ(one.pitch_count(), 1u);
}

TEST(FrameMakerTest, SilenceSetsNothingIn) {
  const Frames frames = frames_of(silence(2));
  for (std::size_t i = 0; i < frames.count(); ++i) EXPECT_EQ(total_onset(frames, i), 0);
  EXPECT_THAT(frames.bands, testing::Each(0));
  EXPECT_THAT(frames.fine_chroma, testing::Each(HalfFloat(0)));
}

TEST(FrameMakerTest, SamplesThatAreNoSoundAreSilence) {
  std::vector<float> broken = silence(1);
  broken[5000] = std::numeric_limits<float>::quiet_NaN();
  broken[9000] = std::numeric_limits<float>::infinity();
  broken[12000] = 1e30F;
  EXPECT_EQ(frames_of(broken).bands, frames_of(silence(1)).bands);
}

TEST(FrameMakerTest, AClickIsHeardWhenItIs) {
  for (double at : {0.7, 1.0, 1.503}) {
    std::vector<float> sound = silence(3);
    add_tone(sound, at, 0.02, 1000, 0.5, 8);
    const Frames frames = frames_of(sound);
    double weighted = 0, sum = 0;
    for (std::size_t i = 0; i < frames.count(); ++i) {
      weighted += total_onset(frames, i) * Frames::onset_seconds(static_cast<double>(i));
      sum += total_onset(frames, i);
    }
    EXPECT_NEAR(weighted / sum, at, 0.003);
  }
}

TEST(FrameMakerTest, EveryKeyOfThePianoIsItsPitchClass) {
  for (int key = 48; key <= 96; ++key) {
    std::vector<float> sound = silence(1);
    add_tone(sound, 0, 1, hz_of(key), 0.3);
    const Frames frames = frames_of(sound);
    const auto chroma = frames.chroma(10);
    const auto strongest = std::max_element(chroma.begin(), chroma.end()) - chroma.begin();
    EXPECT_EQ(strongest, key % 12) << key;
    EXPECT_NEAR(frames.tuning, 0, 0.06) << key;
    EXPECT_GT(frames.tonal[10], 20) << key;
  }
}

TEST(FrameMakerTest, TuningIsFoundAndCorrected) {
  for (double tuning : {-0.4, -0.2, 0.1, 0.3, 0.45}) {
    std::vector<float> sound = silence(4);
    int at = 0;
    for (int key : {60, 64, 67, 72}) add_tone(sound, at++, 1, hz_of(key + tuning), 0.2, 4);
    const Frames frames = frames_of(sound);
    EXPECT_NEAR(frames.tuning, tuning, 0.05);
    const auto chroma = frames.chroma(32);  // 1.5 s: the E
    EXPECT_EQ(std::max_element(chroma.begin(), chroma.end()) - chroma.begin(), 4) << tuning;
  }
}

TEST(FrameMakerTest, TheBassIsHeardBelow) {
  std::vector<float> sound = silence(1);
  add_tone(sound, 0, 1, hz_of(33), 0.3, 3);  // A at 55 Hz
  add_tone(sound, 0, 1, hz_of(76), 0.3, 3);  // E, high
  const Frames frames = frames_of(sound);
  const auto bass = frames.bass_of(10);
  EXPECT_EQ(std::max_element(bass.begin(), bass.end()) - bass.begin(), 9);
}

TEST(FrameMakerTest, NoiseIsNotTonal) {
  const Frames frames = frames_of(noise(1, 0.3, 5));
  EXPECT_NEAR(frames.tonal[10], 2.5, 0.5);
}

}  // namespace
}  // namespace groove::sound
