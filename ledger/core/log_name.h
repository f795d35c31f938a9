// The names of a house's logs, as they stand in paths and addresses: nothing, 2, logs/03,
// logs/03/2. A house has one line of logs, or a root line and one for each group of partitions
// (logs/NN); the number says which log of the line, for a sealed one is continued by the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace groove::ledger {

struct LogName {
  std::string line;         // "" or "logs/NN"
  unsigned generation = 1;  // of the line's logs, from 1

  std::string text() const;
  bool operator==(const LogName&) const = default;
};

// The number may also be 1. Nothing when it is no name.
std::optional<LogName> parse_log_name(std::string_view text);

// "logs/03/2/tile/0/000" is a log's name and a path below it; what is no log's name is all path.
struct NamedPath {
  LogName log;
  std::string_view path;
};
NamedPath split_log_name(std::string_view text);

}  // namespace groove::ledger
