// What is kept of a song while it streams by: features of its frames, side by side, some hundred
// bytes a frame and no samples. All later steps (rhythm, key, segments, sections, summary, vector)
// are functions of this.
//
// Two grids of frames. *Frames* are the short ones (93 ms of sound every 23 ms) for what happens
// when; *pitch frames* are longer (186 ms every 46 ms) for what sounds. Frame i of a grid is
// centred on sample i * hop.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fetcher/core/sound/analysis.h"

namespace groove::sound {

inline constexpr std::size_t kFrameSize = 2048, kFrameHop = 512;         // samples
inline constexpr std::size_t kPitchSize = 4096, kPitchHop = 1024;        // samples
inline constexpr std::size_t kEnergyHop = 128;                           // samples
inline constexpr double kFrameRate = double{kSampleRate} / kFrameHop;    // frames a second: 43.07
inline constexpr double kPitchRate = double{kSampleRate} / kPitchHop;    // 21.53
inline constexpr double kEnergyRate = double{kSampleRate} / kEnergyHop;  // 172.27

inline constexpr double kOnsetLead = 0.019;  // seconds; measured with clicks

inline constexpr std::size_t kBands = 40;       // mel bands, 30 Hz to 10.5 kHz
inline constexpr std::size_t kOnsetBands = 6;   // up to 200, 400, 800, 1600, 3200, 10500 Hz
inline constexpr std::size_t kFineChroma = 36;  // thirds of a semitone; 3 * p is pitch class p

// The upper half of a float (bfloat16): 8 bits of mantissa, which is 0.4 %, for half the memory.
class HalfFloat {
 public:
  HalfFloat() = default;
  explicit HalfFloat(float value)
      : bits_(static_cast<std::uint16_t>((std::bit_cast<std::uint32_t>(value) + 0x8000U) >> 16)) {}
  float value() const { return std::bit_cast<float>(std::uint32_t{bits_} << 16); }
  bool operator==(const HalfFloat&) const = default;

 private:
  std::uint16_t bits_ = 0;
};

struct Frames {
  double duration = 0;  // seconds

  // Onset strength of each band: how much louder, in dB averaged over its quarter tones, the band
  // has become since the frame before (SuperFlux, Böck & Widmer 2013). 0 when it only fades.
  std::array<std::vector<float>, kOnsetBands> onset;
  // Frame after frame, the level of its kBands mel bands as bytes: see band_db().
  std::vector<std::uint8_t> bands;

  // Pitch frame after pitch frame, kFineChroma amplitudes (of spectral peaks, 100 Hz to 2.5 kHz;
  // 1 is a full-scale sine), not yet corrected by `tuning`: see chroma(). Half a float each.
  std::vector<HalfFloat> fine_chroma;
  // The same of 35 to 250 Hz in 12 pitch classes: see bass_of().
  std::vector<HalfFloat> bass;
  // For each pitch frame the dB by which the mean power of the bins from 35 Hz to 2.5 kHz exceeds
  // their geometric mean (the inverse of spectral flatness): 2.5 for noise, 10 to 40 for notes.
  std::vector<float> tonal;
  double tuning = 0;  // semitones (-0.5..0.5) the song's A lies above 440 Hz

  // The mean square of the K-weighted signal (ITU-R BS.1770), summed over both channels, of each
  // kEnergyHop samples.
  std::vector<float> energy;
  std::vector<float> tenth_energy;  // the same of each 100 ms, for the integrated loudness
  double side_share = 0;            // 0..1: of the K-weighted energy, what lies in left minus right

  std::size_t count() const { return bands.size() / kBands; }
  std::size_t pitch_count() const { return tonal.size(); }
  // When what the frame's onset strengths tell of happened. A frame sees a new sound as soon as its
  // window touches it, so they rise 19 ms (kOnsetLead) early; here that is made good.
  static double onset_seconds(double frame) { return frame / kFrameRate + kOnsetLead; }

  std::span<const std::uint8_t> bands_of(std::size_t frame) const {
    return std::span(bands).subspan(frame * kBands, kBands);
  }
  // The level of a band's byte in dB, a full-scale sine being 0: -100 to 27 in steps of 0.5.
  static float band_db(std::uint8_t level) { return 0.5F * static_cast<float>(level) - 100.0F; }

  // The 12 pitch classes (0 is C) of a pitch frame, corrected by `tuning`, not normalised.
  std::array<float, kPitches> chroma(std::size_t pitch_frame) const;
  // The 12 pitch classes of what the bass plays, not normalised.
  std::array<float, kPitches> bass_of(std::size_t pitch_frame) const;

  // The song between two moments as a song of its own, which starts `first` pitch frames in.
  Frames part(std::size_t first, std::size_t last) const;
};

}  // namespace groove::sound
