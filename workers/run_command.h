// The options that the `run` of every process shares, and what they mean.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "workers/base/result.h"
#include "workers/places.h"
#include "workers/stage.h"
#include "workers/worker.h"

namespace groove {

struct RunOptions {
  std::string data, run, redis;
  std::string name;  // with its default, before the options are added
  std::string listen;
  bool no_fast_path = false;
};

// --data, --run, --redis: where the house is.
void add_place_options(CLI::App& command, RunOptions& options);
// These and --name, --no-fast-path: of every process that goes on running.
void add_run_options(CLI::App& command, RunOptions& options);
// These and --listen: of every worker.
void add_worker_options(CLI::App& command, RunOptions& options);

// Errors: kInvalid.
Result<Places> find_places(const RunOptions& options);

// Begins a process that goes on running: listens for signals, logs under its name, finds its
// places. Errors: kInvalid.
Result<Places> begin_run(const RunOptions& options);
Result<WorkerOptions> begin_worker(const RunOptions& options, Stage stage);

}  // namespace groove
