// The probability that a listener approves a song, from its score: a logistic curve that starts as
// a stated prior and is fitted to this listener's own verdicts as they come.
//
//   P(approve) = 1 / (1 + e^-(intercept + slope * score in nats + learnt(n))), in [0.02, 0.95]
//   learnt(n)  = kLearntRise * log(1 + n / kLearntVerdicts)
//
// A ranking that stands on more verdicts finds more that pleases, at the same score: n is how many
// stood when a song was shown. So what was said of an early list is evidence for a later one, less
// the difference; without that, confidence lags behind what was learnt (measured: README.md).
//
// The fit is the maximum a posteriori of (intercept, slope) under independent normals round the
// prior's constants, by Newton's method. The slope stays positive, so a higher score never has a
// lower confidence; nothing is ever certain.
#pragma once

#include <cstddef>
#include <span>

#include "scorer/core/score_plan.h"

namespace groove::scorer {

// Before any verdict: the intercept rises with the number of liked songs, for a taste that is known
// better finds more that pleases. Fitted on one half of 186 public playlists; scorer/README.md.
inline constexpr double kPriorIntercept = -0.25;
inline constexpr double kPriorOfSongs = 0.75;
inline constexpr double kPriorSongs = 10;
inline constexpr double kPriorSlope = 0.085;
inline constexpr double kInterceptDeviation = 1.5;
inline constexpr double kSlopeDeviation = 0.25;
inline constexpr double kSlopeMin = 0.02;
inline constexpr double kLearntRise = 0.4;
inline constexpr double kLearntVerdicts = 10;
inline constexpr double kConfidenceMin = 0.02;
inline constexpr double kConfidenceMax = 0.95;

struct Calibration {
  double intercept = kPriorIntercept;
  double slope = kPriorSlope;
  std::size_t verdicts = 0;  // that it was fitted to; 0: the prior
  std::size_t standing = 0;  // verdicts that the ranking stands on
};

// A song that was shown with a score, and what the listener said.
struct Outcome {
  Score score = 0;
  bool approved = false;
  std::size_t standing = 0;  // verdicts that the ranking stood on
};

// What is stated before any verdict, of a taste that stands on `liked` songs.
Calibration prior_calibration(std::size_t liked);
// For a ranking that stands on `standing` verdicts. The order of outcomes does not matter, to the
// last bit.
Calibration calibrate(std::span<const Outcome> outcomes, std::size_t standing,
                      const Calibration& prior = {});

double confidence(const Calibration& calibration, Score score);

}  // namespace groove::scorer
