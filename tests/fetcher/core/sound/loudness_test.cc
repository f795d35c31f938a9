#include "fetcher/core/sound/loudness.h"

#include <ebur128.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fetcher/core/sound/frame_maker.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

double ours(const std::vector<float>& left, const std::vector<float>& right) {
  FrameMaker maker;
  maker.feed(left, right);
  return integrated_loudness(maker.finish().tenth_energy);
}

// libebur128, the peer, on the same samples.
double theirs(const std::vector<float>& left, const std::vector<float>& right) {
  ebur128_state* state = ebur128_init(2, kSampleRate, EBUR128_MODE_I);
  std::vector<float> both;
  for (std::size_t i = 0; i < left.size(); ++i) both.insert(both.end(), {left[i], right[i]});
  ebur128_add_frames_float(state, both.data(), left.size());
  double loudness = 0;
  ebur128_loudness_global(state, &loudness);
  ebur128_destroy(&state);
  return loudness;
}

// The standard's own example: 997 Hz at full scale in one channel is -3.01 LUFS.
TEST(LoudnessTest, FullScaleSineInOneChannel) {
  std::vector<float> left = silence(5);
  add_tone(left, 0, 5, 997, 1);
  EXPECT_NEAR(ours(left, silence(5)), -3.01, 0.05);
  EXPECT_NEAR(ours(left, left), 0, 0.05);
}

TEST(LoudnessTest, IsLibebur128sWithinAHundredth) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    std::vector<float> left = silence(12), right = noise(12, 0.001, seed);
    for (int note = 0; note < 20; ++note) {
      const auto start = static_cast<double>(random() % 11);
      const double amplitude = 0.5 / static_cast<double>(1 + random() % 40);
      add_tone(left, start, 1.3, hz_of(30 + static_cast<double>(random() % 70)), amplitude, 4);
      add_tone(right, start, 0.7, hz_of(30 + static_cast<double>(random() % 70)), amplitude, 9);
    }
    EXPECT_NEAR(ours(left, right), theirs(left, right), 0.01) << "seed " << seed;
  }
}

TEST(LoudnessTest, QuietPartsAreGatedOut) {
  std::vector<float> sound = silence(20);
  add_tone(sound, 0, 10, 440, 0.2);
  std::vector<float> loud(sound.begin(), sound.begin() + 10 * kSampleRate);
  EXPECT_NEAR(ours(sound, sound), ours(loud, loud), 0.2);
}

TEST(LoudnessTest, SilenceAndNothingAreTheFloor) {
  EXPECT_EQ(ours(silence(3), silence(3)), kSilenceDb);
  EXPECT_EQ(ours({}, {}), kSilenceDb);
}

TEST(LoudnessTest, LessThanABlockHasALoudness) {
  std::vector<float> sound = silence(0.15);
  add_tone(sound, 0, 0.15, 997, 0.5);
  EXPECT_NEAR(ours(sound, sound), -6, 1);
}

}  // namespace
}  // namespace groove::sound
