#include <gtest/gtest.h>

#include "tests/fetcher/core/sound/small_band.h"

namespace groove::sound {
namespace {

TEST(Key, CadencesInAllKeysAreRecognised) {
  for (int tonic = 0; tonic < kPitches; ++tonic) {
    for (const bool minor : {false, true}) {
      const Analysis analysis =
          analyse(play({.bars = 8, .tonic = tonic, .minor = minor, .drums = false}));
      SCOPED_TRACE(testing::Message() << "tonic " << tonic << (minor ? " minor" : " major"));
      EXPECT_EQ(analysis.key, tonic);
      EXPECT_EQ(analysis.mode, minor ? 0 : 1);
      EXPECT_GT(analysis.key_confidence, 0.5);
    }
  }
}

TEST(Key, InstrumentsOutOfTuneAreForgiven) {
  for (const double cents : {-40.0, -25.0, 25.0, 40.0}) {
    for (const bool minor : {false, true}) {
      const Analysis analysis =
          analyse(play({.bars = 8, .tonic = 9, .minor = minor, .cents = cents, .drums = false}));
      EXPECT_EQ(analysis.key, 9) << cents;
      EXPECT_EQ(analysis.mode, minor ? 0 : 1) << cents;
    }
  }
}

TEST(Key, DrumsDoNotHideIt) {
  const Analysis analysis = analyse(play({.bars = 12, .tonic = 4, .minor = true}));
  EXPECT_EQ(analysis.key, 4);
  EXPECT_EQ(analysis.mode, 0);
}

TEST(Key, SilenceHasNone) {
  const Analysis analysis = analyse(silence(5));
  EXPECT_EQ(analysis.key, -1);
  EXPECT_EQ(analysis.key_confidence, 0);
}

}  // namespace
}  // namespace groove::sound
