#include "fetcher/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <random>

#include "fetcher/core/sound/analysis.h"
#include "tests/fetcher/core/sound/tones.h"
#include "tests/fetcher/made_music.h"
#include "tests/support/temp_dir.h"

namespace groove::fetcher {
namespace {

using testing::HasSubstr;

struct Sound {
  std::vector<float> left, right;
};

class DecodeTest : public testing::Test {
 protected:
  // Six seconds at 44,100 Hz: 441 Hz on the left, half as loud 882 Hz on the right.
  std::filesystem::path wav(int channels = 2, int rate = 44'100) {
    std::vector<std::vector<float>> sound(channels);
    for (int channel = 0; channel < channels; ++channel)
      for (int i = 0; i < 6 * rate; ++i)
        sound[channel].push_back(static_cast<float>(
            0.5 / (channel + 1) * std::sin(2 * std::numbers::pi * 441 * (channel + 1) * i / rate)));
    const auto path =
        dir_ / ("tone" + std::to_string(channels) + "_" + std::to_string(rate) + ".wav");
    write_wav(path, sound, rate);
    return path;
  }
  std::filesystem::path coded(const std::string& name, const std::string& options) {
    ffmpeg(wav(), options, dir_ / name);
    return dir_ / name;
  }
  Result<Decoded> decode_all(const std::filesystem::path& path) {
    sound_ = {};
    return decode(path, [&](auto left, auto right) {
      EXPECT_EQ(left.size(), right.size());
      EXPECT_LE(left.size(), 8192u);
      sound_.left.insert(sound_.left.end(), left.begin(), left.end());
      sound_.right.insert(sound_.right.end(), right.begin(), right.end());
      return true;
    });
  }
  std::string refusal(const std::filesystem::path& path, Errc code) {
    const auto decoded = decode_all(path);
    if (decoded) return "decoded";
    EXPECT_EQ(decoded.error().code, code) << decoded.error().message;
    return decoded.error().message;
  }
  // How strongly `hz` sounds in the middle of a channel: the amplitude of a sine.
  static double amplitude(const std::vector<float>& sound, double hz) {
    double re = 0, im = 0;
    const std::size_t first = sound.size() / 3, count = sound::kSampleRate;
    for (std::size_t i = first; i < first + count && i < sound.size(); ++i) {
      const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / sound::kSampleRate;
      re += sound[i] * std::cos(angle), im += sound[i] * std::sin(angle);
    }
    return 2 * std::hypot(re, im) / static_cast<double>(count);
  }

  test::TempDir temp_;
  std::filesystem::path dir_ = temp_.path();
  Sound sound_;
};

struct Format {
  const char* file;
  const char* options;
  const char* codec;
};

class DecodeFormatTest : public DecodeTest, public testing::WithParamInterface<Format> {};

TEST_P(DecodeFormatTest, SoundComesOutAsItWentIn) {
  const auto decoded = decode_all(coded(GetParam().file, GetParam().options));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->codec, GetParam().codec);
  EXPECT_EQ(decoded->bad_packets, 0u);
  EXPECT_NEAR(decoded->seconds, 6, 0.12);  // coders pad
  EXPECT_EQ(sound_.left.size(),
            static_cast<std::size_t>(decoded->seconds * sound::kSampleRate + 0.5));
  EXPECT_NEAR(amplitude(sound_.left, 441), 0.5, 0.03);
  EXPECT_NEAR(amplitude(sound_.right, 882), 0.25, 0.02);
  EXPECT_LT(amplitude(sound_.right, 441), 0.02);
}

INSTANTIATE_TEST_SUITE_P(Formats, DecodeFormatTest,
                         testing::Values(Format{"a.mp3", "-c:a libmp3lame -b:a 128k", "mp3"},
                                         Format{"a.flac", "-c:a flac", "flac"},
                                         Format{"a.ogg", "-c:a libvorbis", "vorbis"},
                                         Format{"a.opus", "-c:a libopus -ar 48000", "opus"},
                                         Format{"a.m4a", "-c:a aac", "aac"},
                                         Format{"a.aac", "-c:a aac", "aac"},
                                         Format{"b.m4a", "-c:a alac", "alac"},
                                         Format{"a.wma", "-c:a wmav2", "wmav2"},
                                         Format{"a.wav", "-c:a pcm_s24le", "pcm_s24le"},
                                         Format{"b.wav", "-c:a pcm_f32le -ar 96000", "pcm_f32le"},
                                         Format{"a.aiff", "-c:a pcm_s16be", "pcm_s16be"},
                                         Format{"a.wv", "-c:a wavpack", "wavpack"},
                                         Format{"a.mka", "-c:a libvorbis", "vorbis"}),
                         [](const auto& format) {
                           std::string name = format.param.file;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST_F(DecodeTest, OneChannelIsHeardOnBothSidesAsLoud) {
  ASSERT_TRUE(decode_all(wav(1)));
  EXPECT_EQ(sound_.left, sound_.right);
  EXPECT_NEAR(amplitude(sound_.left, 441), 0.5, 0.005);
}

TEST_F(DecodeTest, AnyRate) {
  for (int rate : {8'000, 11'025, 22'050, 48'000, 192'000}) {
    const auto decoded = decode_all(wav(2, rate));
    ASSERT_TRUE(decoded) << rate;
    EXPECT_NEAR(decoded->seconds, 6, 0.01) << rate;
    EXPECT_NEAR(amplitude(sound_.left, 441), 0.5, 0.01) << rate;
  }
}

TEST_F(DecodeTest, SurroundIsMixedDown) {
  EXPECT_TRUE(decode_all(wav(6)));
  EXPECT_NEAR(amplitude(sound_.left, 441), 0.5, 0.03);
}

TEST_F(DecodeTest, ACoverPictureIsPassedBy) {
  ffmpeg(wav(),
         "-f lavfi -i color=red:s=320x240:d=0.04 -map 0:a -map 1:v -c:v mjpeg "
         "-disposition:v attached_pic",
         dir_ / "cover.mp3");
  const auto decoded = decode_all(dir_ / "cover.mp3");
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->codec, "mp3");
}

TEST_F(DecodeTest, TagsDoNotChangeTheDigest) {
  for (const char* name : {"a.mp3", "a.flac", "a.m4a", "a.ogg"}) {
    const auto plain = coded(name, name[2] == 'o' ? "-c:a libvorbis -fflags +bitexact" : "");
    const auto tagged = dir_ / (std::string("tagged_") + name);
    ffmpeg(plain, "-c copy -metadata title=Renamed -metadata artist=Somebody", tagged);
    const auto first = decode_all(plain), second = decode_all(tagged);
    ASSERT_TRUE(first && second) << name;
    EXPECT_EQ(first->audio_sha256, second->audio_sha256) << name;
  }
}

TEST_F(DecodeTest, StopsWhenTold) {
  int pieces = 0;
  const auto decoded = decode(wav(), [&](auto, auto) { return ++pieces < 3; });
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::kUnavailable);
  EXPECT_EQ(pieces, 3);
}

TEST_F(DecodeTest, WhatIsNoMusicIsRefusedWithItsReason) {
  EXPECT_THAT(refusal(dir_ / "nothing.mp3", Errc::kNotFound), HasSubstr("no such file"));
  EXPECT_THAT(refusal(dir_, Errc::kInvalid), HasSubstr("not a file"));
  write_bytes(dir_ / "empty.mp3", "");
  EXPECT_THAT(refusal(dir_ / "empty.mp3", Errc::kInvalid), HasSubstr("empty"));
  write_bytes(dir_ / "text.mp3", "Dear diary, today I wrote no music at all.\n");
  EXPECT_THAT(refusal(dir_ / "text.mp3", Errc::kInvalid), HasSubstr("no music file"));
  ASSERT_EQ(::mkfifo((dir_ / "pipe.mp3").c_str(), 0600), 0);  // opening it would wait for ever
  EXPECT_THAT(refusal(dir_ / "pipe.mp3", Errc::kInvalid), HasSubstr("not a file"));
  ffmpeg(wav(), "-f lavfi -i color=red:s=64x64:d=1 -map 1:v -c:v mpeg4", dir_ / "film.mp4");
  EXPECT_THAT(refusal(dir_ / "film.mp4", Errc::kInvalid), HasSubstr("no sound"));
}

TEST_F(DecodeTest, AListOfOtherFilesIsNotFollowed) {
  const auto song = wav();
  write_bytes(dir_ / "list.m3u8",
              "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n" + song.string() + "\n");
  EXPECT_THAT(refusal(dir_ / "list.m3u8", Errc::kInvalid), HasSubstr("no music file"));
  write_bytes(dir_ / "list.mp3", "ffconcat version 1.0\nfile '" + song.string() + "'\n");
  EXPECT_THAT(refusal(dir_ / "list.mp3", Errc::kInvalid), HasSubstr("no music file"));
}

TEST_F(DecodeTest, CutFilesSaySo) {
  for (const auto& [name, options] : {std::pair{"a.flac", ""},
                                      {"a.wav", ""},
                                      {"a.aiff", ""},
                                      {"a.mp3", "-b:a 128k"},
                                      {"a.m4a", "-movflags +faststart"}}) {
    const std::string bytes = bytes_of(coded(name, options));
    write_bytes(dir_ / name, std::string_view(bytes).substr(0, bytes.size() / 2));
    EXPECT_THAT(refusal(dir_ / name, Errc::kCorrupt),
                testing::AnyOf(HasSubstr("cut short"), HasSubstr("damaged")))
        << name;
  }
}

// As programs write it that do not know how much will come: no promise, so nothing is missing.
TEST_F(DecodeTest, AWavOfOpenLengthIsWhole) {
  std::string bytes = bytes_of(wav());
  const std::size_t size_at = bytes.find("data") + 4;
  for (const char byte : {'\xff', '\0'}) {
    bytes.replace(size_at, 4, 4, byte);
    write_bytes(dir_ / "open.wav", bytes);
    const auto decoded = decode_all(dir_ / "open.wav");
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_NEAR(decoded->seconds, 6, 0.1);
  }
}

TEST_F(DecodeTest, ProtectedFilesSaySo) {
  std::string bytes = bytes_of(coded("a.m4a", "-c:a aac"));
  const std::size_t at = bytes.find("mp4a");
  ASSERT_NE(at, bytes.npos);
  bytes.replace(at, 4, "drms");
  write_bytes(dir_ / "bought.m4p", bytes);
  EXPECT_THAT(refusal(dir_ / "bought.m4p", Errc::kInvalid), HasSubstr("protected"));
}

TEST_F(DecodeTest, AFewBadPacketsAreLeftOut) {
  const auto path = coded("a.flac", "-c:a flac");
  std::string bytes = bytes_of(path);
  for (std::size_t i = 0; i < 40; ++i) bytes[bytes.size() / 2 + i] = static_cast<char>(i * 37);
  write_bytes(path, bytes);
  const auto decoded = decode_all(path);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_NEAR(decoded->seconds, 6, 0.4);
}

// Whatever bytes are broken, it ends, without more sound than there can be.
TEST_F(DecodeTest, BrokenBytesEnd) {
  for (const auto& [name, options] : {std::pair{"a.mp3", "-b:a 64k"},
                                      {"a.flac", ""},
                                      {"a.ogg", "-c:a libvorbis"},
                                      {"a.m4a", "-c:a aac"},
                                      {"a.wma", "-c:a wmav2"},
                                      {"a.opus", "-c:a libopus"}}) {
    const std::string whole = bytes_of(coded(name, options));
    for (unsigned seed = 1; seed <= 8; ++seed) {
      std::mt19937 random(seed);
      std::string bytes = whole;
      for (unsigned i = 0; i < 1U << seed; ++i)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      write_bytes(dir_ / name, bytes);
      const auto decoded = decode_all(dir_ / name);
      EXPECT_LT(sound_.left.size(), 120u * sound::kSampleRate) << name << " seed " << seed;
    }
  }
}

}  // namespace
}  // namespace groove::fetcher
