#include "fetcher/core/sound/rhythm_pieces.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fetcher/core/sound/frame_maker.h"
#include "tests/fetcher/core/sound/tones.h"

namespace groove::sound {
namespace {

// Clicks 0.5 s apart.
Frames clicks(double seconds) {
  FrameMaker maker;
  std::vector<float> second = silence(1);
  for (double at : {0.0, 0.5}) add_tone(second, at, 0.05, 1200, 0.5, 5, 60);
  for (int i = 0; i < static_cast<int>(seconds); ++i) maker.feed(second, second);
  return maker.finish();
}

TEST(FramesTest, APartIsTheSongBetweenTwoMoments) {
  const Frames song = clicks(20);
  const Frames part = song.part(100, 300);
  EXPECT_EQ(part.pitch_count(), 200u);
  EXPECT_EQ(part.count(), 400u);
  EXPECT_NEAR(part.duration, 200 / kPitchRate, 1e-9);
  EXPECT_EQ(part.chroma(7), song.chroma(107));
  EXPECT_EQ(part.onset[3][11], song.onset[3][211]);
  EXPECT_EQ(part.energy[5], song.energy[805]);
  EXPECT_NEAR(song.part(100, song.pitch_count()).duration, 20 - 100 / kPitchRate, 1e-9);
}

TEST(RhythmPiecesTest, ALongMixKeepsItsBeatThroughout) {
  const Frames song = clicks(45 * 60);
  const Rhythm rhythm = find_rhythm_in_pieces(song);
  EXPECT_NEAR(rhythm.tempo, 120, 1);
  ASSERT_GT(rhythm.beats.size(), 5000u);
  EXPECT_TRUE(std::ranges::is_sorted(rhythm.beats, {}, &Interval::start));
  double longest = 0;
  for (std::size_t i = 1; i < rhythm.beats.size(); ++i)
    longest = std::max(longest, rhythm.beats[i].start - rhythm.beats[i - 1].start);
  EXPECT_LT(longest, 1.1);  // at most one beat is missing where pieces meet
  EXPECT_GT(rhythm.beats.back().start, 45 * 60 - 3);
}

}  // namespace
}  // namespace groove::sound
