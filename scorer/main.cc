// groove-scorer: recommend songs, measure how good that is, or run as a worker.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "scorer/core/preference.h"
#include "scorer/evaluate.h"
#include "scorer/path_command.h"
#include "scorer/recommend_command.h"
#include "scorer/replay_command.h"
#include "scorer/scorer.h"
#include "workers/library.h"
#include "workers/run_command.h"
#include "workers/worker.h"

namespace {

using namespace groove;
using namespace groove::scorer;

constexpr int kYes = 0, kUnreadable = 2;

int complain(const Error& error) {
  fmt::print(stderr, "groove-scorer: {}\n", error.message);
  return kUnreadable;
}

int print(const Result<std::string>& text) {
  if (!text) return complain(text.error());
  fmt::print("{}", *text);
  return kYes;
}

void add_recommend(CLI::App& app, RecommendCommand& command) {
  CLI::App& recommend = *app.add_subcommand("recommend", "Recommend songs to who likes some");
  recommend.add_option("--catalog", command.catalog, "The catalogue")->required();
  recommend.add_option("--model", command.model, "The model of that catalogue")->required();
  recommend.add_option("--like", command.like, "Ids of songs that are liked")->required();
  recommend.add_option("--dislike", command.dislike, "Ids of songs that are not");
  recommend.add_option("--count", command.count, "How many songs")
      ->check(CLI::Range(std::size_t{1}, limits::kBatchSongsMax))
      ->capture_default_str();
  recommend
      .add_option("--adventurousness", command.adventurousness,
                  "0: near to what is liked .. 100: far from it")
      ->check(CLI::Range(0U, kAdventurousnessMax))
      ->capture_default_str();
  recommend.add_option("--year-from", command.year_from, "No songs of earlier years")
      ->check(CLI::Range(1U, 9999U));
  recommend.add_option("--year-to", command.year_to, "No songs of later years")
      ->check(CLI::Range(1U, 9999U));
  recommend.add_option("--weight", command.weights,
                       "FEATURE=PERCENT: how much it counts, 0 to 200; may be repeated");
  recommend.add_flag("--no-explicit", command.no_explicit, "No explicit lyrics");
  recommend.add_flag("--json", command.json, "Print JSON");
}

void add_evaluate(CLI::App& app, EvaluateCommand& command) {
  CLI::App& evaluate = *app.add_subcommand(
      "evaluate", "Measure the ranking on playlists, half of each hidden, beside simple ways");
  evaluate.add_option("--catalog", command.catalog, "The catalogue")->required();
  evaluate.add_option("--model", command.model, "The model of that catalogue")->required();
  evaluate
      .add_option("--playlists", command.playlists, "One {\"name\", \"tracks\": [id, ...]} a line")
      ->required();
  evaluate.add_option("--svg", command.svg, "Write a chart there");
  evaluate.add_option("--seed", command.seed, "Of halving and of chance")->capture_default_str();
  evaluate
      .add_option("--part", command.part,
                  "Which half of the playlists, by a hash of their names: what is chosen on one is "
                  "confirmed on the other")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Part>{
          {"all", Part::kAll}, {"chosen", Part::kChosen}, {"held-out", Part::kHeldOut}}));
  evaluate.add_flag("--feedback", command.feedback, "Simulate rounds of verdicts too");
  evaluate.add_flag("--json", command.json, "Print JSON");
}

void add_path(CLI::App& app, PathCommand& command) {
  CLI::App& path = *app.add_subcommand("path", "Find songs that lead from one to another");
  path.add_option("--catalog", command.catalog, "The catalogue")->required();
  path.add_option("--model", command.model, "The model of that catalogue")->required();
  path.add_option("--from", command.from, "The id of the first song")->required();
  path.add_option("--to", command.to, "The id of the last song")->required();
  path.add_option("--steps", command.steps, "How many songs between")
      ->check(CLI::Range(std::size_t{1}, kPathStepsMax))
      ->capture_default_str();
  path.add_flag("--json", command.json, "Print JSON");
}

int run_stage(const RunOptions& options) {
  const auto worker = begin_worker(options, Stage::kScore);
  if (!worker) return complain(worker.error());
  Library library(worker->places);
  Scorer scorer(library);
  return run_worker(*worker, scorer);
}

int run_replay(const ReplayCommand& command) {
  const std::string input(std::istreambuf_iterator<char>(std::cin), {});
  const auto batch = replay(command, input);
  if (!batch) return complain(batch.error());
  std::cout << *batch << std::flush;
  return kYes;
}

void add_replay(CLI::App& app, ReplayCommand& command) {
  CLI::App& replay = *app.add_subcommand(
      "replay", "Compute a batch anew from its recorded input on stdin (for groove ledger replay)");
  replay.add_option("--data", command.data, "The data folder")->required();
  replay.add_option("--sequence", command.sequence, "Of the event that asked")->required();
  replay.add_option("--event", command.event, "Its UUID")->required();
}

int run(int argc, char** argv) {
  CLI::App app("Ranks songs by how likely a listener likes them, and says why.", "groove-scorer");
  app.require_subcommand(1);
  RecommendCommand recommendation;
  add_recommend(app, recommendation);
  EvaluateCommand evaluation;
  add_evaluate(app, evaluation);
  PathCommand way;
  add_path(app, way);
  RunOptions worker{.name = "score-1"};
  add_worker_options(*app.add_subcommand("run", "Work: rank songs and learn from verdicts"),
                     worker);
  ReplayCommand again;
  add_replay(app, again);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (app.got_subcommand("evaluate")) return print(evaluate(evaluation));
  if (app.got_subcommand("path")) return print(path(way));
  if (app.got_subcommand("replay")) return run_replay(again);
  return app.got_subcommand("run") ? run_stage(worker) : print(recommend(recommendation));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "groove-scorer: {}\n", error.what());
    return kUnreadable;
  }
}
