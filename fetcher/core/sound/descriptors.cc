#include "fetcher/core/sound/descriptors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fetcher/core/sound/loudness.h"

namespace groove::sound {
namespace {

constexpr double kSure = 0.3;          // an onset that counts
constexpr double kLoudEnough = 20;     // LU below the song's loudness: quieter frames say nothing
constexpr std::size_t kBassBands = 4;  // up to 220 Hz
constexpr std::size_t kVoiceFirst = 6, kVoiceLast = 25;  // 300 to 3400 Hz
constexpr std::size_t kTrebleFirst = 23;                 // from 3 kHz

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[at];
}

double mean_of(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

void describe_dynamics(const Frames& frames, Descriptors& out) {
  const std::span<const float> tenths = frames.tenth_energy;
  std::vector<double> levels, blocks;
  std::size_t low = 0, counted = 0;
  for (std::size_t i = 0; i < tenths.size(); ++i) {
    levels.push_back(loudness_db(tenths[i]));
    if (i + 4 <= tenths.size()) {
      const double block = loudness_db(mean_of(tenths.subspan(i, 4)));
      if (block > out.loudness - kLoudEnough) blocks.push_back(block);
    }
    const std::size_t first = i < 5 ? 0 : i - 5, last = std::min(tenths.size(), i + 6);
    const double around = mean_of(tenths.subspan(first, last - first));
    if (loudness_db(around) < out.loudness - kLoudEnough) continue;
    ++counted;
    low += tenths[i] < 0.5 * around ? 1 : 0;
  }
  out.range = percentile(blocks, 0.95) - percentile(blocks, 0.1);
  out.floor = out.loudness - percentile(levels, 0.05);
  out.low_energy = counted == 0 ? 0 : static_cast<double>(low) / static_cast<double>(counted);
}

void describe_spectrum(const Frames& frames, Descriptors& out) {
  double bass = 0, treble = 0, all = 0, change = 0;
  std::size_t counted = 0;
  for (std::size_t frame = 1; frame < frames.count(); ++frame) {
    const auto now = frames.bands_of(frame), before = frames.bands_of(frame - 1);
    double frame_all = 0, frame_bass = 0, frame_treble = 0, frame_change = 0;
    for (std::size_t band = 0; band < kBands; ++band) {
      frame_all += now[band];
      frame_bass += band < kBassBands ? now[band] : 0;
      frame_treble += band >= kTrebleFirst ? now[band] : 0;
      frame_change += std::abs(now[band] - before[band]);
    }
    if (frame_all < 60.0 * kBands) continue;  // -70 dB a band: silence
    ++counted;
    all += frame_all / kBands;
    bass += frame_bass / kBassBands;
    treble += frame_treble / (kBands - kTrebleFirst);
    change += frame_change / kBands;
  }
  if (counted == 0) return;
  const double scale = 0.5 / static_cast<double>(counted);  // a byte is half a decibel
  out.brightness = scale * (treble - all);
  out.bass = scale * (bass - all);
  out.change = scale * change;
}

// The level of the voice's bands, frame after frame, in dB.
std::vector<double> voice_levels(const Frames& frames) {
  std::vector<double> levels(frames.count());
  for (std::size_t frame = 0; frame < levels.size(); ++frame) {
    const auto bands = frames.bands_of(frame);
    for (std::size_t band = kVoiceFirst; band < kVoiceLast; ++band) levels[frame] += bands[band];
    levels[frame] *= 0.5 / (kVoiceLast - kVoiceFirst);
  }
  return levels;
}

// The mean of 2 * half + 1 values around each.
std::vector<double> smoothed(const std::vector<double>& values, std::size_t half) {
  std::vector<double> sums(values.size() + 1), out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) sums[i + 1] = sums[i] + values[i];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t first = i < half ? 0 : i - half;
    const std::size_t last = std::min(values.size(), i + half + 1);
    out[i] = (sums[last] - sums[first]) / static_cast<double>(last - first);
  }
  return out;
}

// The variance between a mean over 116 ms and one over 350 ms is the syllables'; between the value
// itself and one over 2 s, everything's.
double modulation_of(const Frames& frames) {
  const auto levels = voice_levels(frames);
  const auto quick = smoothed(levels, 2), slow = smoothed(levels, 7), mean = smoothed(levels, 43);
  double syllables = 0, all = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    syllables += (quick[i] - slow[i]) * (quick[i] - slow[i]);
    all += (levels[i] - mean[i]) * (levels[i] - mean[i]);
  }
  return all > 0 ? syllables / all : 0;
}

// The highest of the onset strength's autocorrelation between 0.25 and 1.5 s, of its variance.
double pulse_of(const std::vector<double>& strength) {
  const auto first = static_cast<std::size_t>(0.25 * kFrameRate);
  const auto last = static_cast<std::size_t>(1.5 * kFrameRate);
  if (strength.size() < 4 * last) return 0;
  double mean = 0, variance = 0, best = 0;
  for (const double value : strength) mean += value / static_cast<double>(strength.size());
  for (const double value : strength) variance += (value - mean) * (value - mean);
  for (std::size_t lag = first; lag <= last; ++lag) {
    double sum = 0;
    for (std::size_t i = lag; i < strength.size(); ++i)
      sum += (strength[i] - mean) * (strength[i - lag] - mean);
    best = std::max(best, sum);
  }
  return variance > 0 ? best / variance : 0;
}

}  // namespace

Descriptors describe(const Frames& frames, double loudness, std::span<const Segment> segments) {
  Descriptors out;
  out.loudness = loudness;
  describe_dynamics(frames, out);
  describe_spectrum(frames, out);
  std::vector<double> strength(frames.count());
  for (const std::vector<float>& band : frames.onset)
    for (std::size_t i = 0; i < strength.size(); ++i) strength[i] += band[i] / kOnsetBands;
  for (const double value : strength) out.attack += value / static_cast<double>(strength.size());
  out.pulse = pulse_of(strength);
  out.modulation = modulation_of(frames);
  const auto sure = std::count_if(segments.begin(), segments.end(), [](const Segment& segment) {
    return segment.confidence > kSure;
  });
  out.onset_rate = frames.duration > 0 ? static_cast<double>(sure) / frames.duration : 0;
  out.tonal = mean_of(frames.tonal);
  out.side = frames.side_share;
  return out;
}

}  // namespace groove::sound
