#include "ledger/verify_house.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ledger/core/record.h"
#include "ledger/log_bodies.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

Result<PublicLog> open_published(Io& io, const LogPlace& log) {
  const auto text = read_whole(io, public_folder(log) / "vkey");
  if (!text) return std::unexpected(text.error());
  const auto key = parse_vkey(text->substr(0, text->find('\n')));
  if (!key) return std::unexpected(key.error());
  return PublicLog::open(io, public_folder(log), *key);
}

Result<Leaf> leaf_at(const PublicLog& log, std::uint64_t index) {
  const auto bytes = log.leaf(index);
  return bytes ? decode_leaf(*bytes) : std::unexpected(bytes.error());
}

// Each head in the root is of its log.
Status verify_heads(const PublicLog& root, const std::map<std::string, PublicLog>& logs) {
  for (std::uint64_t index = 0; index < root.head().size; ++index) {
    const auto leaf = leaf_at(root, index);
    if (!leaf) return std::unexpected(leaf.error());
    if (leaf->kind != Kind::kShardHead) continue;
    const auto shard = shard_head_of(leaf->body);
    if (!shard) return std::unexpected(shard.error());
    const auto log = logs.find(shard->head.origin);
    if (log == logs.end()) continue;  // taken away; the root says what it was
    const auto grown = log->second.root_at(shard->head.size);
    if (!grown || *grown != shard->head.root)
      return fail(Errc::kCorrupt, "record " + std::to_string(index) + " of the root log: " +
                                      shard->head.origin + " has not grown from this head");
  }
  return {};
}

}  // namespace

std::vector<LogPlace> all_logs(Io& io, const fs::path& ledger) {
  std::vector<std::string> lines = partition_lines(io, ledger);
  lines.insert(lines.begin(), "");
  std::vector<LogPlace> logs;
  for (const std::string& line : lines) {
    LogPlace log(ledger, LogName{line});
    const unsigned last = newest_log(io, log).log.generation;
    for (; log.log.generation <= last; log = log.next()) logs.push_back(log);
  }
  return logs;
}

Status verify_joint(const PublicLog& sealed, const PublicLog& next) {
  const auto seal = leaf_at(sealed, sealed.head().size - 1), first = leaf_at(next, 0);
  if (!seal || !first) return std::unexpected(seal ? first.error() : seal.error());
  const auto named = seal->kind == Kind::kSeal
                         ? sealed_for_log(seal->body)
                         : fail(Errc::kCorrupt, sealed.head().origin + " is not sealed, but " +
                                                    next.head().origin + " is said to go on");
  if (!named) return std::unexpected(named.error());
  const auto genesis = genesis_of(first->body);
  if (!genesis) return std::unexpected(genesis.error());
  if (genesis->vkey != named->text())
    return fail(Errc::kCorrupt, sealed.head().origin + " names " + named->text() +
                                    " as the log that goes on, not " + genesis->vkey);
  const auto previous = open_checkpoint(genesis->previous, sealed.key());
  if (!previous || *previous != sealed.head())
    return fail(Errc::kCorrupt, next.head().origin + " does not go on from the last head of " +
                                    sealed.head().origin);
  return {};
}

Status verify_joints(Io& io, const fs::path& ledger) {
  std::map<std::string, PublicLog> logs;
  std::optional<LogPlace> before;
  std::string before_origin;
  for (const LogPlace& place : all_logs(io, ledger)) {
    auto log = open_published(io, place);
    if (!log && log.error().code == Errc::kNotFound) continue;  // nothing is published yet
    if (!log) return std::unexpected(log.error());
    if (before && before->log.line == place.log.line)
      if (auto ok = verify_joint(logs.at(before_origin), *log); !ok) return ok;
    before = place;
    before_origin = log->head().origin;
    logs.emplace(before_origin, std::move(*log));
  }
  if (partition_lines(io, ledger).empty()) return {};
  for (const LogPlace& place : all_logs(io, ledger)) {
    const auto root = place.log.line.empty() ? open_published(io, place)
                                             : fail(Errc::kNotFound, "not a root log");
    if (!root) continue;
    if (auto ok = verify_heads(*root, logs); !ok) return ok;
  }
  return {};
}

}  // namespace groove::ledger
