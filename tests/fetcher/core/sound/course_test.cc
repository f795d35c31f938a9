#include "fetcher/core/sound/course.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetcher/core/sound/fades.h"
#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/sections.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

using testing::ElementsAreArray;

Frames frames_of(const std::vector<float>& mono) {
  FrameMaker maker;
  maker.feed(mono, mono);
  return maker.finish();
}

std::vector<Interval> beats_every(double period, double from, double to) {
  std::vector<Interval> beats;
  for (double at = from; at < to; at += period) beats.push_back({at, period, 1});
  return beats;
}

// A tune of `keys`, one note a beat of half a second.
std::vector<float> tune(const std::vector<int>& keys, int turn, double amplitude = 0.2) {
  std::vector<float> sound = silence(0.5 * static_cast<double>(keys.size()));
  for (std::size_t i = 0; i < keys.size(); ++i)
    add_tone(sound, 0.5 * static_cast<double>(i), 0.5, hz_of(keys[i] + turn), amplitude, 3, 3);
  return sound;
}

TEST(CourseTest, ASeriesHasAStepForEachBeatUntilThereAreTooMany) {
  const Frames frames = frames_of(noise(70, 0.1, 1));
  EXPECT_EQ(make_series(frames, beats_every(1, 0.5, 70)).size(), 71u * kSeriesDims);
  EXPECT_EQ(make_series(frames, beats_every(0.5, 0, 70)).size(), 70u * kSeriesDims);
  for (double period : {0.2, 0.31, 0.5, 0.9})
    EXPECT_LE(make_series(frames, beats_every(period, 0.3, 70)).size(), 120u * kSeriesDims);
}

TEST(CourseTest, WithoutBeatsStepsAreEqual) {
  EXPECT_EQ(make_series(frames_of(noise(10, 0.1, 1)), {}).size(), 20u * kSeriesDims);
  EXPECT_EQ(make_series(frames_of(noise(90, 0.1, 1)), {}).size(), 120u * kSeriesDims);
  EXPECT_EQ(make_series(frames_of(noise(0.1, 0.1, 1)), {}).size(), 1u * kSeriesDims);
  EXPECT_TRUE(make_series(frames_of({}), {}).empty());
}

TEST(CourseTest, ASeriesFollowsTheTune) {
  const std::vector<int> keys{60, 62, 64, 65, 67, 69, 71, 72};
  const auto series = make_series(frames_of(tune(keys, 0)), beats_every(0.5, 0, 4));
  for (std::size_t i = 0; i < keys.size(); ++i)
    EXPECT_EQ(series[i * kSeriesDims + keys[i] % 12], 1) << i;
}

TEST(CourseTest, WithoutItsKeyATuneIsTheSameInAnyKey) {
  const std::vector<int> keys{60, 64, 67, 72, 67, 64, 60, 65};
  const auto plain = make_series(frames_of(tune(keys, 0)), beats_every(0.5, 0, 4));
  const auto turned = without_key(make_series(frames_of(tune(keys, 5)), beats_every(0.5, 0, 4)), 5);
  for (std::size_t step = 0; step < keys.size(); ++step)
    for (int pitch = 0; pitch < kPitches; ++pitch) {
      const std::size_t at = step * kSeriesDims + pitch;
      EXPECT_NEAR(turned[at], plain[at], 0.25) << step << ' ' << pitch;
    }
  EXPECT_THAT(without_key(plain, -1), ElementsAreArray(plain));
}

TEST(SectionsTest, AChangeOfSoundIsABoundary) {
  std::vector<float> sound = silence(60);
  for (int i = 0; i < 40; ++i) add_tone(sound, 0.5 * i, 0.5, hz_of(60 + i % 4), 0.2, 3, 3);
  for (int i = 40; i < 80; ++i) add_tone(sound, 0.5 * i, 0.5, hz_of(43 + 3 * (i % 3)), 0.3, 12, 1);
  for (int i = 80; i < 120; ++i) add_tone(sound, 0.5 * i, 0.5, hz_of(60 + i % 4), 0.2, 3, 3);
  const auto sections = find_sections(frames_of(sound), {});
  ASSERT_EQ(sections.size(), 3u);
  EXPECT_NEAR(sections[1].start, 20, 0.6);
  EXPECT_NEAR(sections[2].start, 40, 0.6);
  EXPECT_NEAR(sections[2].start + sections[2].duration, 60, 1e-9);
  EXPECT_GT(sections[1].confidence, 0.3);
  EXPECT_NEAR(sections[0].loudness, sections[2].loudness, 0.5);
}

TEST(SectionsTest, EvenSoundIsOneSection) {
  EXPECT_EQ(find_sections(frames_of(noise(60, 0.1, 3)), {}).size(), 1u);
  EXPECT_EQ(find_sections(frames_of(noise(0.2, 0.1, 3)), {}).size(), 1u);
  EXPECT_TRUE(find_sections(frames_of({}), {}).empty());
}

TEST(FadesTest, AreFound) {
  std::vector<float> sound = noise(60, 0.3, 4);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double at = static_cast<double>(i) / kSampleRate;
    sound[i] *= static_cast<float>(std::pow(std::clamp(at / 8, 0.0, 1.0), 2) *
                                   std::pow(std::clamp((60 - at) / 12, 0.0, 1.0), 2));
  }
  const Frames frames = frames_of(sound);
  const Fades fades = find_fades(frames, integrated_loudness(frames.tenth_energy));
  EXPECT_NEAR(fades.end_of_fade_in, 4.5, 1.5);
  EXPECT_NEAR(fades.start_of_fade_out, 51, 2.5);
}

TEST(FadesTest, AbruptSoundHasNone) {
  const Frames frames = frames_of(noise(10, 0.3, 4));
  const Fades fades = find_fades(frames, integrated_loudness(frames.tenth_energy));
  EXPECT_LT(fades.end_of_fade_in, 0.05);
  EXPECT_NEAR(fades.start_of_fade_out, 10, 1e-9);
  EXPECT_EQ(find_fades(frames_of(silence(3)), kSilenceDb).start_of_fade_out, 3);
}

}  // namespace
}  // namespace groove::sound
