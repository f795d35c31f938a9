#include <boost/json.hpp>
#include <iostream>

#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/replay.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Result<std::string> replay_entry(const Arguments& arguments, std::uint64_t index) {
  const fs::path folder = ledger_folder(arguments);
  const auto entry = read_entry(system_io(), folder, index);
  if (!entry) return std::unexpected(entry.error());
  const auto content = open_entry(system_io(), folder, *entry);
  if (!content) return std::unexpected(content.error());
  return replay({scorer_program(), folder.parent_path()}, *content);
}

}  // namespace

fs::path scorer_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path() / "groove-scorer";
}

int run_replay(const Arguments& arguments) {
  const auto difference = replay_entry(arguments, arguments.index);
  if (!difference) return report(difference.error());
  const bool same = difference->empty();
  if (arguments.as_json) {
    json::object out = {{"ok", same}, {"index", arguments.index}};
    if (!same) out["differs"] = *difference;
    std::cout << json::serialize(out) << '\n';
  } else {
    std::cout << "record " << arguments.index
              << (same ? " comes out as it was recorded, byte for byte"
                       : " comes out otherwise: " + *difference)
              << '\n';
  }
  return same ? kYes : kNo;
}

int run_replay_all(const Arguments& arguments) {
  std::uint64_t same = 0, other = 0, closed = 0;
  std::string first;
  for (std::uint64_t index = 1;; ++index) {
    const auto difference = replay_entry(arguments, index);
    if (!difference && difference.error().code == Errc::kNotFound &&
        !read_entry(system_io(), ledger_folder(arguments), index))
      break;  // after the last record
    if (!difference && difference.error().code == Errc::kCorrupt) return report(difference.error());
    if (!difference) {
      ++closed;
    } else if (difference->empty()) {
      ++same;
    } else if (other++ == 0) {
      first = "record " + std::to_string(index) + ": " + *difference;
    }
  }
  if (arguments.as_json) {
    json::object out = {{"same", same}, {"other", other}, {"not_replayed", closed}};
    if (other > 0) out["first"] = first;
    std::cout << json::serialize(out) << '\n';
  } else {
    std::cout << "replayed " << same << " as recorded, " << other << " otherwise; " << closed
              << " are no batches, have no recorded input, or nobody can open them\n"
              << (first.empty() ? "" : first + "\n");
  }
  return other == 0 ? kYes : kNo;
}

}  // namespace groove::ledger
