// Why a song was recommended, and what would change it. Each reason is checked, not guessed: a
// liked song is named only if taking it away lowers the recommended song's score, a feature only if
// it adds to the score, and what would change it only if the ranking computed anew says so.
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

// What would put the song behind the first one that is not on the list: to disapprove of a liked
// song, or to let a feature count for nothing.
struct Turn {
  std::optional<NearSong> disapproved;
  std::size_t dimension = 0;  // where no song is named
  Song behind = 0;
};

struct Reasons {
  std::optional<NearSong> near;
  std::vector<FeatureAgreement> features;  // the strongest first
  std::optional<Turn> turn;                // none where neither would
};

// 1 / (1 + mean squared difference over the dimensions, in deviations).
double similarity(const Vector& a, const Vector& b, std::size_t dimensions);

// Explains songs of one ranking. Remembers what it computed, so it belongs to one thread; holds
// references to what it was given, but for the opinions.
class Explainer {
 public:
  // `features` are the dimensions' names; `next` is the first song that is not on the list.
  Explainer(const SoundTable& table, Opinions opinions, const Preference& preference,
            std::span<const std::string> features, std::optional<Ranked> next = {});

  Reasons explain(const Ranked& ranked);

 private:
  std::vector<NearSong> nearest(const Vector& vector) const;
  bool matters(Song liked, const Ranked& ranked);
  std::vector<FeatureAgreement> agreements(const Vector& vector) const;
  std::optional<Turn> turn(const Ranked& ranked, const Reasons& reasons,
                           std::span<const NearSong> near);
  // The ranking without that liked song; the ranking were it disapproved; the ranking by the other
  // features.
  const Ranking& without(Song liked);
  const Ranking* against(Song liked);
  const Ranking& ignoring(std::size_t dimension);
  bool falls_behind(const Ranked& ranked, const Ranking& ranking) const;

  const SoundTable& table_;
  Opinions opinions_;
  const Preference& preference_;
  std::span<const std::string> features_;
  std::optional<Ranked> next_;
  std::vector<TasteSong> liked_;  // ascending
  std::map<Song, Ranking> without_, against_;
  std::map<std::size_t, Ranking> ignoring_;
};

}  // namespace groove::scorer
