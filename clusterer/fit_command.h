// The command line of `groove-clusterer fit`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "clusterer/fit.h"

namespace groove::clusterer {

struct FitCommand {
  FitRequest request;
  std::string metric = "dtw";
  bool json = false;
};

void add_fit(CLI::App& app, FitCommand& command);

// Prints the report on standard output, progress on standard error.
Status run_fit(FitCommand command);

}  // namespace groove::clusterer
