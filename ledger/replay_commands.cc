#include <boost/json.hpp>
#include <iostream>
#include <set>

#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/replay.h"
#include "ledger/verify_house.h"
#include "workers/base/bytes.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Result<std::string> replay_entry(const LogPlace& log, std::uint64_t index) {
  const auto entry = read_entry(system_io(), log, index);
  if (!entry) return std::unexpected(entry.error());
  const auto content = open_entry(system_io(), log, *entry);
  if (!content) return std::unexpected(content.error());
  return replay({scorer_program(), log.ledger.parent_path()}, *content);
}

// What came of replaying some records.
class Tally {
 public:
  // An error only for damage.
  Status take(std::uint64_t index, const Result<std::string>& difference) {
    if (!difference && difference.error().code == Errc::kCorrupt)
      return std::unexpected(difference.error());
    if (!difference) {
      ++closed_;
    } else if (difference->empty()) {
      ++same_;
    } else if (other_++ == 0) {
      first_ = "record " + std::to_string(index) + ": " + *difference;
    }
    return {};
  }
  std::uint64_t replayed() const { return same_ + other_; }
  int print(const Arguments& arguments) const {
    json::object out = {{"same", same_}, {"other", other_}, {"not_replayed", closed_}};
    if (other_ > 0) out["first"] = first_;
    say(arguments, out,
        "replayed " + std::to_string(same_) + " as recorded, " + std::to_string(other_) +
            " otherwise; " + std::to_string(closed_) +
            " are no batches, have no recorded input, or nobody can open them" +
            (first_.empty() ? "" : "\n" + first_));
    return other_ == 0 ? kYes : kNo;
  }

 private:
  std::uint64_t same_ = 0, other_ = 0, closed_ = 0;
  std::string first_;
};

// Drawn by the root that was signed, so that whoever wrote the records could not know which would
// be looked at: the n-th is SHA-256(root || n) modulo the size.
int replay_sample(const Arguments& arguments, const LogPlace& place, std::uint64_t wanted) {
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  const Checkpoint& head = log->head();
  Tally tally;
  std::set<std::uint64_t> drawn;
  for (std::uint64_t n = 0; tally.replayed() < wanted && drawn.size() < head.size; ++n) {
    const Digest digest = sha256(std::string(as_bytes(head.root)) + std::to_string(n));
    const std::uint64_t index = read_be<std::uint64_t>(as_bytes(digest), 0) % head.size;
    if (!drawn.insert(index).second) continue;
    if (auto ok = tally.take(index, replay_entry(place, index)); !ok) return report(ok.error());
  }
  return tally.print(arguments);
}

}  // namespace

fs::path scorer_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path() / "groove-scorer";
}

int run_replay(const Arguments& arguments) {
  const auto log = log_place(arguments);
  if (!log) return report(log.error());
  if (arguments.sample) return replay_sample(arguments, *log, *arguments.sample);
  const auto difference = replay_entry(*log, arguments.index);
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
  Tally tally;
  for (const LogPlace& log : all_logs(system_io(), ledger_folder(arguments)))
    for (std::uint64_t index = 1;; ++index) {
      const auto difference = replay_entry(log, index);
      if (!difference && difference.error().code == Errc::kNotFound &&
          !read_entry(system_io(), log, index))
        break;  // after the last record
      if (auto ok = tally.take(index, difference); !ok) return report(ok.error());
    }
  return tally.print(arguments);
}

}  // namespace groove::ledger
