// Verifying what lies here, private parts included.
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>

#include "ledger/commands.h"
#include "ledger/core/hash.h"
#include "ledger/entry.h"
#include "ledger/layout.h"
#include "ledger/public_log.h"
#include "ledger/verify.h"
#include "ledger/verify_house.h"
#include "workers/durable_file.h"
#include "workers/progress.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::uint64_t bytes_in(const LogPlace& log) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(segment_folder(log), ignored))
    if (parse_segment_name(file.path().filename().string())) bytes += file.file_size();
  return bytes;
}

void print(const Verdict& verdict, bool as_json) {
  if (as_json) {
    json::object out = {{"ok", verdict.ok()},
                        {"entries", verdict.entries},
                        {"segments", verdict.segments},
                        {"origin", verdict.origin},
                        {"head", to_string(verdict.head)},
                        {"root", to_string(verdict.root)}};
    if (!verdict.ok()) out["wrong"] = verdict.wrong;
    std::cout << json::serialize(out) << '\n';
    return;
  }
  if (!verdict.ok()) std::cout << "WRONG    " << verdict.wrong << '\n';
  std::cout << "entries  " << verdict.entries << (verdict.ok() ? "" : " before it, unharmed")
            << "\norigin   " << verdict.origin << "\nhead     " << to_string(verdict.head)
            << "\nroot     " << to_string(verdict.root) << '\n';
  if (verdict.ok()) std::cout << "every byte is as it was written\n";
}

// The published log is of the records that are in the segments: the chain makes the last published
// record stand for all before it.
Status same_records(const LogPlace& folder) {
  const auto text = read_file(public_folder(folder) / "vkey");
  if (!text) return std::unexpected(text.error());
  const auto key = parse_vkey(text->substr(0, text->find('\n')));
  if (!key) return std::unexpected(key.error());
  const auto log = PublicLog::open(system_io(), public_folder(folder), *key);
  if (!log) return std::unexpected(log.error());
  const std::uint64_t last = log->head().size - 1;
  const auto leaf = log->leaf(last);
  if (!leaf) return std::unexpected(leaf.error());
  const auto entry = read_entry(system_io(), folder, last);
  if (!entry || entry->leaf_hash != leaf_hash(*leaf))
    return fail(Errc::kCorrupt,
                "record " + std::to_string(last) + " is not the one that was published");
  return {};
}

int compare_with_published(const Arguments& arguments, const LogPlace& folder) {
  const fs::path published = public_folder(folder);
  if (!fs::exists(published / "checkpoint")) return kYes;
  std::ostringstream said;
  auto* const out = std::cout.rdbuf(said.rdbuf());  // one verdict is printed, not two
  Arguments alone = arguments;
  alone.alone = true;
  const int verdict = run_verify_public(alone, published);
  std::cout.rdbuf(out);
  if (verdict != kYes) {
    std::cout << said.str();
    return verdict;
  }
  const auto same = same_records(folder);
  return same ? kYes : report(same.error());
}

int verify_log(const Arguments& arguments, const LogPlace& log) {
  constexpr std::uint64_t kLong = 32 * 1024 * 1024;  // shorter ones are done before one can look
  const std::uint64_t total = bytes_in(log);
  std::optional<Progress> progress;
  if (total > kLong) progress.emplace("verifying", total, "bytes");
  const auto verdict =
      verify(system_io(), log,
             {.progress =
                  [&](std::uint64_t done) {
                    if (progress) progress->at(done);
                  },
              .pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }});
  progress.reset();
  if (!verdict) return report(verdict.error());
  if (verdict->ok())
    if (const int published = compare_with_published(arguments, log); published != kYes)
      return published;
  print(*verdict, arguments.as_json);
  return verdict->ok() ? kYes : kNo;
}

// One after the other: a line of JSON each.
int verify_all(const Arguments& arguments, const fs::path& folder) {
  const auto logs = all_logs(system_io(), folder);
  int worst = kYes;
  Arguments asked = arguments;
  for (const LogPlace& log : logs) {
    if (logs.size() > 1 && !arguments.as_json)
      std::cout << (worst == kYes && &log == logs.data() ? "" : "\n") << "log      "
                << (log.name().empty() ? "first" : log.name()) << '\n';
    worst = std::max(worst, verify_log(asked, log));
    asked.vkey.clear();  // what was given is of the first log
    asked.since.clear();
    asked.policy.clear();
  }
  if (worst != kYes || logs.size() == 1) return worst;
  const auto joined = verify_joints(system_io(), folder);
  return joined ? kYes : refuted(arguments, joined.error());
}

}  // namespace

int run_verify(const Arguments& arguments) {
  if (is_address(arguments.folder))
    return run_verify_public(arguments, published_folder(arguments));
  if (fs::is_regular_file(arguments.folder)) return run_verify_proof(arguments);
  const fs::path folder = ledger_folder(arguments);
  if (!fs::exists(segment_folder(folder)) && fs::exists(arguments.folder / "checkpoint"))
    return run_verify_public(arguments, published_folder(arguments));
  if (arguments.log.empty()) return verify_all(arguments, folder);
  const auto log = log_place(arguments);
  return log ? verify_log(arguments, *log) : report(log.error());
}

int run_audit(const Arguments& arguments) {
  const int verdict = run_verify(arguments);
  return verdict == kYes ? run_replay_all(arguments) : verdict;
}

int run_fsck(const Arguments& arguments) {
  if (arguments.rebuild)
    if (const int rebuilt = rebuild_tiles(arguments); rebuilt != kYes) return rebuilt;
  const int verdict = run_verify(arguments);
  return verdict == kNo ? kDamaged : verdict;
}

}  // namespace groove::ledger
