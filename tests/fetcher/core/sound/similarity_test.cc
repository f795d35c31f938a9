#include "fetcher/core/sound/similarity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/loudness.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

std::vector<std::int16_t> vector_of(const std::vector<float>& mono) {
  FrameMaker maker;
  maker.feed(mono, mono);
  const Frames frames = maker.finish();
  return similarity_vector(frames, integrated_loudness(frames.tenth_energy));
}

double distance(const std::vector<std::int16_t>& a, const std::vector<std::int16_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(a[i] - b[i], 2);
  return std::sqrt(sum) / kSimilarityOne;
}

// Twelve seconds of notes chosen by `seed`, played alike.
std::vector<float> piano(unsigned seed, double amplitude = 0.2) {
  std::mt19937 random(seed);
  std::vector<float> sound = silence(12);
  for (int i = 0; i < 40; ++i)
    add_tone(sound, 0.3 * i, 1, hz_of(48 + static_cast<double>(random() % 30)), amplitude, 6, 4);
  return sound;
}

std::vector<float> drums(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> sound = silence(12), hiss = noise(12, 0.4, seed);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double at = std::fmod(static_cast<double>(i) / kSampleRate, 0.25);
    sound[i] = hiss[i] * static_cast<float>(std::exp(-25 * at));
  }
  for (int i = 0; i < 24; ++i) add_tone(sound, 0.5 * i, 0.2, 55, 0.5, 2, 15);
  return sound;
}

TEST(SimilarityTest, AVectorHasItsSizeAndLength) {
  const auto vector = vector_of(piano(1));
  ASSERT_EQ(vector.size(), kSimilarityDims);
  EXPECT_LE(vector.size() * sizeof(vector[0]), 256u);
  EXPECT_NEAR(distance(vector, std::vector<std::int16_t>(kSimilarityDims)), 1, 1e-3);
}

TEST(SimilarityTest, AlikeIsNearerThanUnlike) {
  const auto first = vector_of(piano(1)), second = vector_of(piano(2));
  const auto third = vector_of(drums(3)), fourth = vector_of(drums(4));
  EXPECT_LT(distance(first, second), 0.6 * distance(first, third));
  EXPECT_LT(distance(third, fourth), 0.6 * distance(second, fourth));
}

TEST(SimilarityTest, ALittleSofterIsNearlyTheSame) {
  EXPECT_LT(distance(vector_of(piano(1)), vector_of(piano(1, 0.15))), 0.3);
}

TEST(SimilarityTest, TooShortHasNone) {
  EXPECT_TRUE(vector_of(silence(0)).empty());
  EXPECT_TRUE(vector_of(noise(7.9, 0.1, 1)).empty());
}

TEST(SimilarityTest, SilenceHasAVectorToo) {
  EXPECT_EQ(vector_of(silence(9)).size(), kSimilarityDims);
}

}  // namespace
}  // namespace groove::sound
