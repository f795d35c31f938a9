#include "ledger/history.h"

#include <utility>

namespace groove::ledger {

Status History::see(const Leaf& leaf) {
  switch (leaf.kind) {
    case Kind::kGenesis:
      return begin(leaf);
    case Kind::kKeyChange:
      return change_key(leaf);
    case Kind::kShardHead:
      return take_head(leaf);
    case Kind::kSeal: {
      const auto next = sealed_for_log(leaf.body);
      if (!next) return std::unexpected(next.error());
      next_ = *next;
      return {};
    }
    default:
      return {};
  }
}

Status History::begin(const Leaf& leaf) {
  auto genesis = genesis_of(leaf.body);
  if (!genesis) return std::unexpected(genesis.error());
  if (!genesis->vkey.empty()) {
    const auto key = parse_vkey(genesis->vkey);
    if (!key || key->name != genesis->origin)
      return fail(Errc::kCorrupt, "its key is not of the log that it names");
    keys_.push_back(*key);
  }
  genesis_ = std::move(*genesis);
  return {};
}

Status History::change_key(const Leaf& leaf) {
  if (keys_.empty()) return fail(Errc::kCorrupt, "no key is known that could change");
  const auto key = changed_key(leaf.body, keys_.back(), {leaf.index, leaf.prev});
  if (!key) return std::unexpected(key.error());
  keys_.push_back(*key);
  return {};
}

Status History::take_head(const Leaf& leaf) {
  auto shard = shard_head_of(leaf.body);
  if (!shard) return std::unexpected(shard.error());
  const auto known = heads_.find(shard->head.origin);
  if (known != heads_.end() && (shard->head.size < known->second.shard.head.size))
    return fail(Errc::kCorrupt, "the log " + shard->head.origin + " is smaller than before");
  Head& head = heads_[shard->head.origin];
  head = {leaf.index, std::move(*shard)};
  return {};
}

}  // namespace groove::ledger
