// groove-clusterer: train a model, cluster series, or run as a worker.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

#include "clusterer/clusterer.h"
#include "clusterer/fit_command.h"
#include "clusterer/model_watch.h"
#include "clusterer/series_method.h"
#include "clusterer/train.h"
#include "workers/catalog.h"
#include "workers/durable_file.h"
#include "workers/library.h"
#include "workers/progress.h"
#include "workers/run_command.h"
#include "workers/worker.h"

namespace {

using namespace groove;
using namespace groove::clusterer;

constexpr int kYes = 0, kUnreadable = 2;

struct TrainCommand {
  std::filesystem::path catalog, model;
  TrainOptions options;
  std::optional<std::string> metric;
  bool json = false;
};

int complain(const Error& error) {
  fmt::print(stderr, "groove-clusterer: {}\n", error.message);
  return kUnreadable;
}

std::string_view name(Plane plane) { return plane == Plane::kPca ? "pca" : "lda"; }

void print_json(const Trained& trained, double seconds) {
  boost::json::array clusters;
  for (const v1::Cluster& cluster : trained.model.clusters()) {
    clusters.push_back(boost::json::object{
        {"name", cluster.name()}, {"size", cluster.size()}, {"inertia", cluster.inertia()}});
  }
  const boost::json::object out = {
      {"catalog", to_hex(trained.model.catalog_digest())},
      {"model", to_string(trained.digest)},
      {"songs", trained.model.assignment().size() / 2},
      {"seed", trained.model.seed()},
      {"iterations", trained.model.iterations()},
      {"converged", trained.converged},
      {"inertia", trained.model.inertia()},
      {"metric", trained.model.has_series() ? trained.model.series().metric() : "vectors"},
      {"songs_with_series", trained.model.series().labels().size() / sizeof(std::uint32_t)},
      {"map", boost::json::object{{"plane", name(trained.plane)},
                                  {"pca_separation", trained.pca_separation},
                                  {"lda_separation", trained.lda_separation},
                                  {"keeps_neighbours", trained.keeps_neighbours},
                                  {"trustworthiness", trained.of_neighbours.trustworthiness},
                                  {"continuity", trained.of_neighbours.continuity},
                                  {"plane_trustworthiness", trained.of_plane.trustworthiness},
                                  {"plane_continuity", trained.of_plane.continuity}}},
      {"clusters", std::move(clusters)},
      {"seconds", seconds}};
  fmt::print("{}\n", boost::json::serialize(out));
}

void print_text(const Trained& trained, double seconds) {
  const v1::Model& model = trained.model;
  fmt::print("songs       {}\n", model.assignment().size() / 2);
  if (model.has_series()) {
    fmt::print("series      {}, by {}\n", model.series().labels().size() / sizeof(std::uint32_t),
               model.series().metric());
  }
  fmt::print("clusters    {}\n", model.clusters_size());
  fmt::print("inertia     {:.6f}\n", model.inertia());
  fmt::print("iterations  {}{}\n", model.iterations(),
             trained.converged ? "" : " (stopped before the last song had settled)");
  fmt::print(
      "map         {}: trustworthiness {:.3f}, continuity {:.3f} (the plane, {}: {:.3f}, "
      "{:.3f})\n",
      trained.keeps_neighbours ? "keeps neighbours" : "plane",
      trained.of_neighbours.trustworthiness, trained.of_neighbours.continuity, name(trained.plane),
      trained.of_plane.trustworthiness, trained.of_plane.continuity);
  fmt::print("seconds     {:.2f}\n", seconds);
  fmt::print("digest      {}\n\n", to_string(trained.digest));
  fmt::print("   size  inertia  sound\n");
  for (const v1::Cluster& cluster : model.clusters())
    fmt::print("{:7}  {:7.3f}  {}\n", cluster.size(), cluster.inertia(), cluster.name());
}

int run_train(TrainCommand command) {
  const auto started = std::chrono::steady_clock::now();
  const auto catalog = Catalog::open(command.catalog);
  if (!catalog) return complain(catalog.error());
  command.options.vectors_only = command.metric == "vectors";
  if (command.metric && !command.options.vectors_only)
    command.options.metric = metrics().at(*command.metric);
  Progress progress("clustering", command.options.iterations_max, "steps");
  command.options.on_step = [&](unsigned step, double, std::size_t) { progress.at(step); };
  const auto trained = train(*catalog, command.options);
  if (!trained) return complain(trained.error());
  progress.finish();
  if (const Status ok = replace_file(command.model, trained->bytes); !ok)
    return complain(ok.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  command.json ? print_json(*trained, took.count()) : print_text(*trained, took.count());
  return kYes;
}

void add_train(CLI::App& app, TrainCommand& command) {
  CLI::App& train = *app.add_subcommand("train", "Cluster a catalogue and write its model");
  TrainOptions& options = command.options;
  train.add_option("--catalog", command.catalog, "The catalogue to read")->required();
  train.add_option("--model", command.model, "The model to write; replaced atomically")->required();
  train.add_option("--clusters", options.clusters,
                   "How many; one for every 50 songs but at most 64, unless given");
  train
      .add_option("--metric", command.metric,
                  "dtw, softdtw or euclidean: of the songs' series; songs without one go to the "
                  "nearest cluster by their vectors. Or: vectors. Unless given: dtw where at least "
                  "half of the songs have a series, else vectors")
      ->check(CLI::IsMember({"dtw", "softdtw", "euclidean", "vectors"}));
  train.add_option("--seed", options.seed, "Same seed, same model")->capture_default_str();
  train.add_option("--max-iter", options.iterations_max, "Steps at most")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  train.add_option("--threads", options.threads, "0: as many as the machine has")
      ->check(CLI::Range(0U, 1'024U))
      ->capture_default_str();
  train.add_flag("--json", command.json, "Print JSON");
}

int run_stage(const RunOptions& options) {
  const auto worker = begin_worker(options, Stage::kCluster);
  if (!worker) return complain(worker.error());
  Library library(worker->places);
  Clusterer clusterer(library);
  const ModelWatch watch(worker->places);
  return run_worker(*worker, clusterer);
}

int run(int argc, char** argv) {
  CLI::App app("Clusters songs by how they sound, and places listeners among the clusters.",
               "groove-clusterer");
  app.require_subcommand(1);
  TrainCommand train;
  add_train(app, train);
  FitCommand fit;
  add_fit(app, fit);
  RunOptions worker{.name = "cluster-1"};
  add_worker_options(
      *app.add_subcommand("run",
                          "Work: cluster what listeners like, and train when the catalogue is new"),
      worker);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (app.got_subcommand("fit")) {
    const Status done = run_fit(std::move(fit));
    return done ? kYes : complain(done.error());
  }
  return app.got_subcommand("run") ? run_stage(worker) : run_train(std::move(train));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "groove-clusterer: {}\n", error.what());
    return kUnreadable;
  }
}
