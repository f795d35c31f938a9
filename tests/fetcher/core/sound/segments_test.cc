#include "fetcher/core/sound/segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetcher/core/sound/frame_maker.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

Frames frames_of(const std::vector<float>& mono) {
  FrameMaker maker;
  maker.feed(mono, mono);
  return maker.finish();
}

// What holds for the segments of any song.
void expect_whole(const std::vector<Segment>& segments, double duration) {
  double at = 0;
  for (const Segment& segment : segments) {
    EXPECT_NEAR(segment.start, at, 1e-9);
    at = segment.start + segment.duration;
    EXPECT_GT(segment.duration, std::min(kSegmentMin, duration) - 1e-9);
    EXPECT_LT(segment.duration, kSegmentMax + 1e-9);
    EXPECT_LE(segment.loudness_start, segment.loudness_max);
    EXPECT_LT(segment.loudness_max_time, segment.duration + 0.006);
    EXPECT_EQ(*std::max_element(segment.pitches.begin(), segment.pitches.end()), 1);
    EXPECT_GE(*std::min_element(segment.pitches.begin(), segment.pitches.end()), 0);
  }
  EXPECT_NEAR(at, duration, 1e-9);
}

TEST(SegmentsTest, EachNoteIsASegment) {
  const std::vector<double> starts{0.5, 0.8, 1.1, 1.7, 1.95, 2.45, 3.0};
  const std::vector<int> keys{60, 64, 67, 62, 71, 66, 57};
  std::vector<float> sound = silence(4);
  for (std::size_t i = 0; i < starts.size(); ++i)
    add_tone(sound, starts[i], 0.9, hz_of(keys[i]), 0.2, 5, 8);
  const auto segments = find_segments(frames_of(sound));
  expect_whole(segments, 4);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto found = std::find_if(segments.begin(), segments.end(), [&](const Segment& segment) {
      return std::abs(segment.start - starts[i]) < 0.02;
    });
    ASSERT_NE(found, segments.end()) << "no segment at " << starts[i];
    EXPECT_GT(found->confidence, 0.5) << starts[i];
    EXPECT_EQ(found->pitches[keys[i] % 12], 1) << starts[i];
    EXPECT_LT(found->loudness_max_time, 0.06) << starts[i];
    EXPECT_GT(found->loudness_max, found->loudness_start + 3) << starts[i];
  }
  EXPECT_LT(segments.size(), starts.size() + 6);  // the tails are cut at most at every second
}

TEST(SegmentsTest, AnythingIsCovered) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    const double seconds = 0.01 + static_cast<double>(random() % 5000) / 1000;
    std::vector<float> sound = noise(seconds, 0.01, seed);
    for (unsigned note = 0; note < random() % 30; ++note)
      add_tone(sound, static_cast<double>(random() % 4000) / 1000, 0.3,
               hz_of(30 + static_cast<double>(random() % 70)), 0.3, 3, 5);
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_whole(find_segments(frames_of(sound)), static_cast<double>(sound.size()) / kSampleRate);
  }
}

TEST(SegmentsTest, SilenceIsEvenAndSoft) {
  const auto segments = find_segments(frames_of(silence(2.5)));
  expect_whole(segments, 2.5);
  EXPECT_EQ(segments.size(), 3u);
  for (const Segment& segment : segments) {
    EXPECT_EQ(segment.loudness_max, kSilenceDb);
    EXPECT_EQ(segment.confidence, 0);
    EXPECT_EQ(segment.timbre[0], 0);
  }
}

TEST(SegmentsTest, NoSoundHasNoSegments) { EXPECT_TRUE(find_segments(frames_of({})).empty()); }

TEST(SegmentsTest, TimbreHearsLoudnessBrightnessAndAttack) {
  const auto timbre = [](double hz, double amplitude, double decay) {
    std::vector<float> sound = silence(0.6);
    add_tone(sound, 0, 0.6, hz, amplitude, 6, decay);
    const auto segments = find_segments(frames_of(sound));
    return segments.front().timbre;
  };
  EXPECT_GT(timbre(220, 0.3, 0)[0], timbre(220, 0.03, 0)[0] + 10);
  EXPECT_GT(timbre(1500, 0.2, 0)[1], timbre(110, 0.2, 0)[1] + 30);
  EXPECT_GT(timbre(440, 0.2, 12)[3], timbre(440, 0.2, 0)[3] + 30);
}

}  // namespace
}  // namespace groove::sound
