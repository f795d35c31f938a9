// Why a song was recommended. Each reason is checked, not guessed: a liked song is named only if
// taking it away lowers the recommended song's score, and a feature only if it adds to the score.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scorer/core/preference.h"
#include "scorer/core/score.h"

namespace groove::scorer {

struct NearSong {
  Song song = 0;
  double similarity = 0;  // 1 the same sound .. 1/2 a deviation apart in every feature .. 0
};

struct FeatureAgreement {
  std::size_t dimension = 0;
  std::string phrase;   // "very acoustic": true of the song, and its word of the taste
  double evidence = 0;  // nats of the score; above 0
};

struct Reasons {
  std::optional<NearSong> near;
  std::vector<FeatureAgreement> features;  // the strongest first
};

// 1 / (1 + mean squared difference over the dimensions, in deviations).
double similarity(const Vector& a, const Vector& b, std::size_t dimensions);

// Explains songs of one ranking. Remembers what it computed, so it belongs to one thread; holds
// references to what it was given.
class Explainer {
 public:
  // `features` are the dimensions' names.
  Explainer(const SoundTable& table, const Opinions& opinions, const Preference& preference,
            std::span<const std::string> features);

  Reasons explain(const Ranked& ranked);

 private:
  std::optional<NearSong> nearest_that_matters(const Ranked& ranked, const Vector& vector);
  bool matters(Song liked, const Ranked& ranked);
  std::vector<FeatureAgreement> agreements(const Vector& vector) const;

  const SoundTable& table_;
  const Opinions& opinions_;
  const Preference& preference_;
  std::span<const std::string> features_;
  std::map<Song, Ranking> without_;  // the ranking without that liked song
};

}  // namespace groove::scorer
