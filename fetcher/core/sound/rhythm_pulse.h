// The courses of beats a song may have, and which of them a listener would tap to. Every period
// the song repeats at is a candidate, with its beats on, between or a third beside the strongest
// accents; a linear model over features of the whole metrical structure (what sounds on the beat,
// on its halves, thirds and quarters; how every second, third and fourth beat differs; how well
// bars fit; the tempo) chooses. Half or double, on or off the beat, are thus one decision, as in
// Peeters & Papadopoulos 2011 and, for tempo, Schreiber & Müller 2014.
#pragma once

#include <array>
#include <vector>

#include "fetcher/core/sound/rhythm_bars.h"
#include "fetcher/core/sound/rhythm_model.h"

namespace groove::sound {

struct Pulse {
  double period = 0;          // seconds
  std::vector<double> beats;  // seconds, at least four
  std::array<float, kPulseFeatures> features{};
  double regularity = 0;   // how alike the song is to itself 1 to 4 beats later: 1 is a loop
  double probability = 0;  // of being the one, among all
};

// Empty when nothing repeats. Else sorted, the most probable first.
std::vector<Pulse> find_pulses(const Hearing& hearing);

}  // namespace groove::sound
