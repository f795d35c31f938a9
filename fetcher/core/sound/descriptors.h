// What is measured of a whole song for its summary features. Each has a published origin; what is
// made of them (summary.h) is ours.
#pragma once

#include <span>

#include "fetcher/core/sound/analysis.h"
#include "fetcher/core/sound/frames.h"

namespace groove::sound {

struct Descriptors {
  double loudness = kSilenceDb;  // LUFS (ITU-R BS.1770)
  double range = 0;       // LU between the 10th and the 95th percentile of 400 ms (EBU Tech 3342)
  double floor = 0;       // LU that the 5th percentile of 100 ms lies below the loudness
  double low_energy = 0;  // share of the tenths of a second below half the mean energy of the
                          // second around them: pauses between syllables (Scheirer & Slaney 1997)
  double modulation = 0;  // share of the variation of the level of 300 to 3400 Hz that is as quick
                          // as syllables, about 3 to 6 a second (Scheirer & Slaney 1997)
  double onset_rate = 0;  // sure onsets a second
  double attack = 0;      // mean onset strength, dB
  double pulse = 0;       // 0..1: how regular the onsets are (autocorrelation, Lartillot 2008)
  double brightness = 0;  // mean level above 3 kHz less that of all, dB (Juslin 2000)
  double bass = 0;        // mean level below 200 Hz less that of all, dB
  double tonal = 0;       // dB by which the peaks stand out: low for noise (spectral flatness)
  double change = 0;  // mean change of the bands' levels from frame to frame, dB (spectral flux)
  double side = 0;    // 0..1: share of the energy in left minus right
};

Descriptors describe(const Frames& frames, double loudness, std::span<const Segment> segments);

}  // namespace groove::sound
