#include "fetcher/core/sound/lane_fft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace groove::sound {
namespace {

std::vector<Lanes> random_frames(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Lanes> frames(size);
  for (Lanes& sample : frames)
    for (int lane = 0; lane < kLanes; ++lane)
      sample[lane] = static_cast<float>(static_cast<double>(random()) / 2147483648.0 - 1);
  return frames;
}

std::complex<double> plain_bin(const std::vector<Lanes>& frames, int lane, std::size_t k) {
  std::complex<double> sum = 0;
  for (std::size_t n = 0; n < frames.size(); ++n)
    sum += static_cast<double>(frames[n][lane]) *
           std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k * n % frames.size()) /
                               static_cast<double>(frames.size()));
  return sum;
}

class LaneFftTest : public testing::TestWithParam<std::size_t> {};

TEST_P(LaneFftTest, IsTheSumOfTheDefinition) {
  const std::size_t size = GetParam();
  LaneFft fft(size);
  std::vector<ComplexLanes> spectrum(fft.bins());
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const auto frames = random_frames(size, seed);
    fft.transform(frames, spectrum);
    // Single precision: the error grows with the root of the energy, here about the root of size.
    const double tolerance = 4e-7 * std::sqrt(static_cast<double>(size)) * std::log2(size);
    const std::size_t stride = std::max<std::size_t>(1, size / 64);
    for (std::size_t k = 0; k < fft.bins(); k += stride)
      for (int lane = 0; lane < kLanes; ++lane) {
        const auto expected = plain_bin(frames, lane, k);
        EXPECT_NEAR(spectrum[k].re[lane], expected.real(), tolerance)
            << "seed " << seed << " bin " << k;
        EXPECT_NEAR(spectrum[k].im[lane], expected.imag(), tolerance)
            << "seed " << seed << " bin " << k;
      }
  }
}

TEST_P(LaneFftTest, KeepsTheEnergy) {  // Parseval
  const std::size_t size = GetParam();
  LaneFft fft(size);
  std::vector<ComplexLanes> spectrum(fft.bins());
  const auto frames = random_frames(size, 7);
  fft.transform(frames, spectrum);
  for (int lane = 0; lane < kLanes; ++lane) {
    double in_time = 0, in_bins = 0;
    for (const Lanes& sample : frames) in_time += std::pow(sample[lane], 2);
    for (std::size_t k = 0; k < fft.bins(); ++k) {
      const double power = std::pow(spectrum[k].re[lane], 2) + std::pow(spectrum[k].im[lane], 2);
      in_bins += (k == 0 || k == size / 2 ? 1 : 2) * power;
    }
    EXPECT_NEAR(in_bins / (static_cast<double>(size) * in_time), 1, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, LaneFftTest, testing::Values(8, 16, 32, 64, 512, 2048, 4096));

TEST(LaneFftTest, LanesDoNotMeet) {
  LaneFft fft(64);
  std::vector<Lanes> frames(64, spread(0));
  for (Lanes& sample : frames) sample[2] = 1;
  std::vector<ComplexLanes> spectrum(fft.bins());
  fft.transform(frames, spectrum);
  EXPECT_EQ(spectrum[0].re[2], 64);
  for (int lane : {0, 1, 3}) EXPECT_EQ(spectrum[0].re[lane], 0);
}

TEST(LanesTest, Log2IsCloseOverAllMagnitudes) {
  for (double x = 1e-30; x < 1e30; x *= 1.37) {
    const auto value = static_cast<float>(x);
    EXPECT_NEAR(log2_of(spread(value))[0], std::log2(value),
                2e-6 * std::max(1.0, std::abs(std::log2(x))))
        << x;
  }
}

}  // namespace
}  // namespace groove::sound
