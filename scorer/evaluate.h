// `groove-scorer evaluate`: how good the ranking is, beside simple ways. Half of each playlist is
// shown to each way, which then ranks the whole catalogue; the other half should come first.
//
// A hidden song says that its place should be high; it does not say that others are wrong. So two
// questions are asked: whether hidden songs stand above the catalogue's, and above other
// playlists'.
//
// Verdicts, for calibration and feedback, are simulated: of the playlists' songs, this listener
// approves those of their own playlist and of playlists of the same group. A second kind of
// listener likes a region of sound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "scorer/core/metrics.h"
#include "workers/base/result.h"

namespace groove::scorer {

// Playlists are in two parts, by a hash of their names: what is chosen by looking at the one is
// confirmed on the other.
enum class Part { kAll, kChosen, kHeldOut };

struct EvaluateCommand {
  std::filesystem::path catalog, model, playlists;
  std::filesystem::path svg;  // none when empty
  std::uint64_t seed = 1;
  Part part = Part::kAll;
  bool json = false;
  bool feedback = false;
};

// What one way reached, a number a listener.
struct Measures {
  std::vector<double> auc_catalog, auc_playlists, recall_20, recall_100, recall_500, ndcg_500,
      diversity;
  double artist_coverage = 0;  // different artists in all lists, of the places in them
};

struct FeedbackRounds {
  std::vector<Estimate> precision;          // the share of 20 that pleased, by round
  std::vector<ReliabilityBin> reliability;  // of the rounds that had verdicts before them
};

struct Evaluation {
  std::size_t songs = 0, playlists = 0, too_short = 0, unknown = 0;
  std::uint64_t seed = 1;
  std::vector<std::pair<std::string, Measures>> methods;  // ours first
  std::vector<ReliabilityBin> reliability;  // of the first 20 of the playlists' songs, by the prior
  // Empty unless asked for: listeners who like a group of playlists, and who like a sound.
  FeedbackRounds by_group, by_sound;
};

// Errors: what keeps the files from being read; kInvalid when no playlist has songs enough.
Result<Evaluation> measure(const EvaluateCommand& command);
// What to print; writes the chart, when one is asked for.
Result<std::string> evaluate(const EvaluateCommand& command);

}  // namespace groove::scorer
