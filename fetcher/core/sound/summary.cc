#include "fetcher/core/sound/summary.h"

#include <algorithm>
#include <cmath>

namespace groove::sound {
namespace {

// How far a descriptor lies from the usual, in standard deviations: of 495 free pieces (SOUND.md).
struct Usual {
  double mean, deviation;
  double operator()(double value) const {
    return std::clamp((value - mean) / deviation, -3.0, 3.0);
  }
};
constexpr Usual kLoudness{-15.5, 5.2}, kRange{8.3, 4.2}, kFloor{13.5, 10.4},
    kLowEnergy{0.135, 0.126}, kModulation{0.225, 0.092}, kOnsetRate{2.5, 1.36}, kPulse{0.5, 0.21},
    kBrightness{-8.8, 4.9}, kBass{15.6, 7.3}, kTonal{18.7, 5.7}, kChange{2.25, 0.9},
    kSide{0.19, 0.144};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// Octaves from a tempo; 0 when there is none.
double octaves_from(double tempo, double of) { return tempo > 0 ? std::log2(tempo / of) : 0; }

}  // namespace

Summary summarize(const Descriptors& d, const Analysis& analysis) {
  const double loudness = kLoudness(d.loudness), range = kRange(d.range), floor = kFloor(d.floor),
               low_energy = kLowEnergy(d.low_energy), modulation = kModulation(d.modulation),
               onset_rate = kOnsetRate(d.onset_rate), pulse = kPulse(d.pulse),
               brightness = kBrightness(d.brightness), bass = kBass(d.bass),
               tonal = kTonal(d.tonal), change = kChange(d.change), side = kSide(d.side);
  const double major =
      analysis.key < 0 ? 0 : (analysis.mode == 1 ? 1 : -1) * analysis.mode_confidence;

  Summary out;
  // "Dynamic range, perceived loudness, timbre, onset rate" are what Spotify's reference names.
  out.energy = logistic(0.3 + 0.9 * loudness + 0.5 * onset_rate + 0.5 * brightness + 0.3 * change -
                        0.3 * range);
  // Instruments without amplifiers are softer and darker, have clear pitches and a freer pulse.
  out.acousticness =
      logistic(-0.3 - 0.9 * loudness - 0.8 * brightness + 0.5 * tonal - 0.5 * pulse + 0.3 * range);
  // A regular pulse with weight in the bass, at the pace of a walk: tempo regularity is what
  // Streich & Herrera (2005) found, 118 the preferred tempo of van Noorden & Moelants (1999).
  out.danceability =
      logistic(0.4 + 0.9 * pulse + 0.3 * bass - 0.3 * range -
               1.2 * std::abs(octaves_from(analysis.tempo, 118)) + 0.6 * analysis.tempo_confidence);
  // Voices move their level at the rate of syllables and pause between them (Scheirer & Slaney
  // 1997).
  out.speechiness = logistic(-3 + 0.8 * modulation + 0.7 * low_energy - 0.6 * tonal - 0.5 * pulse);
  out.instrumentalness = logistic(0.8 - 1.1 * modulation + 0.5 * tonal - 0.4 * low_energy);
  // A room with an audience is never still and sounds from both sides.
  out.liveness = logistic(-1.8 - 0.8 * floor + 0.4 * side - 0.4 * tonal);
  // Major, quick, bright and lively sound is heard as happy (Juslin & Laukka 2004).
  out.valence = logistic(0.8 * major + 0.4 * onset_rate + 0.3 * pulse + 0.3 * brightness +
                         0.2 * loudness + 0.7 * octaves_from(analysis.tempo, 110));
  return out;
}

}  // namespace groove::sound
