// `groove fetcher show FILE`: what Groove hears in one music file.
#pragma once

#include <string>

namespace groove::fetcher {

struct ShowCommand {
  std::string file;
  bool json = false;
};

// The exit code: 0 printed, 1 stopped, 2 the file cannot be read or decoded.
int show_file(const ShowCommand& command);

}  // namespace groove::fetcher
