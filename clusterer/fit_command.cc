#include "clusterer/fit_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <cmath>

#include "clusterer/series_method.h"
#include "workers/progress.h"

namespace groove::clusterer {
namespace {

void print_json(const FitReport& report) {
  boost::json::object out = {{"inertia", report.inertia},
                             {"iterations", report.iterations},
                             {"sizes", boost::json::value_from(report.sizes)},
                             {"seconds", report.seconds},
                             {"ari", nullptr}};
  if (report.ari) out["ari"] = *report.ari;
  fmt::print("{}\n", boost::json::serialize(out));
}

void print_text(const FitReport& report) {
  fmt::print("inertia     {:.10g}\n", report.inertia);
  fmt::print("iterations  {}\n", report.iterations);
  fmt::print("sizes       {}\n", fmt::join(report.sizes, " "));
  fmt::print("seconds     {:.3f}\n", report.seconds);
  if (report.ari) fmt::print("ari         {:.6f}\n", *report.ari);
}

void add_method(CLI::App& fit, FitCommand& command) {
  SeriesOptions& options = command.request.options;
  fit.add_option("--metric", command.metric, "dtw, softdtw or euclidean")
      ->check(CLI::IsMember(metrics()))
      ->capture_default_str();
  fit.add_option("--band", options.measure.band,
                 "Sakoe and Chiba's band: how many steps off the diagonal dtw may go");
  fit.add_option("--gamma", options.measure.gamma, "How smooth softdtw is")
      ->check(CLI::Range(1e-6, 1e9))
      ->capture_default_str();
  fit.add_option("--max-iter", options.iterations_max, "Steps at most")
      ->check(CLI::Range(0U, 100'000U))
      ->capture_default_str();
  fit.add_option("--barycenter-iter", options.averaging_max,
                 "Rounds of averaging (dtw) or of L-BFGS (softdtw) a step, at most")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  fit.add_option("--tol", options.tolerance,
                 "Stop when inertia changed by less than this share of it")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  fit.add_option("--threads", options.threads, "0: as many as the machine has")
      ->check(CLI::Range(0U, 1'024U))
      ->capture_default_str();
}

}  // namespace

void add_fit(CLI::App& app, FitCommand& command) {
  CLI::App& fit = *app.add_subcommand("fit", "Cluster the series of a file");
  FitRequest& request = command.request;
  fit.add_option("series", request.series,
                 ".npy (N, T, D) with NaN after a shorter series, .ts of the UCR/UEA archive, or a "
                 "catalogue with series")
      ->required();
  fit.add_option("--clusters", request.clusters, "How many; as many as --init has, unless given");
  fit.add_option("--out", request.out,
                 "The model to write; labels go to FILE without its extension + .labels.npy, "
                 "barycenters to .barycenters.npy")
      ->required();
  auto* init = fit.add_option("--init", request.init, "Start from these barycenters (.npy)");
  fit.add_option("--seed", request.seed, "Start from k-means++; same seed, same result")
      ->capture_default_str()
      ->excludes(init);
  fit.add_option("--restarts", request.restarts, "Starts to try; the best is kept")
      ->check(CLI::Range(1U, 10'000U))
      ->capture_default_str()
      ->excludes(init);
  fit.add_option("--batch", request.batch,
                 "For very large sets: series drawn a step, not all (dtw)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 24));
  fit.add_option("--labels", request.labels,
                 "True classes (.npy) for the adjusted Rand index; SERIES' own, unless given");
  add_method(fit, command);
  fit.add_flag("--json", command.json, "Print JSON");
}

Status run_fit(FitCommand command) {
  FitRequest& request = command.request;
  request.options.measure.metric = metrics().at(command.metric);
  const std::uint64_t steps = request.options.iterations_max + 1ULL;
  Progress progress("clustering", steps * request.restarts, "steps");
  std::uint64_t done = 0;
  request.options.on_step = [&](unsigned, double, std::size_t) { progress.at(++done); };
  const auto report = fit(request);
  if (!report) return std::unexpected(report.error());
  progress.finish();
  command.json ? print_json(*report) : print_text(*report);
  return {};
}

}  // namespace groove::clusterer
