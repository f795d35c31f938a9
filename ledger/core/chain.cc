#include "ledger/core/chain.h"

#include <algorithm>
#include <utility>

#include "workers/base/sha256.h"

namespace groove::ledger {

Digest chain_start(std::string_view origin) {
  return Sha256().update("groove-ledger/v1\n").update(origin).update("\n").finish();
}

Leaf Chain::next(Kind kind, const EventId& entry_id, std::uint64_t now_us, std::string body) const {
  return Leaf{.kind = kind,
              .index = size_,
              .time_us = std::max(now_us, time_us_),
              .prev = head_,
              .entry_id = entry_id,
              .body = std::move(body)};
}

Status Chain::extend(const Leaf& leaf, const Digest& hash) {
  if (auto ok = check(leaf); !ok) return ok;
  head_ = hash;
  time_us_ = leaf.time_us;
  sealed_ = leaf.kind == Kind::kSeal;
  ++size_;
  return {};
}

Status Chain::check(const Leaf& leaf) const {
  if (sealed_) return fail(Errc::kCorrupt, "it follows a seal");
  if (leaf.index != size_)
    return fail(Errc::kCorrupt, "it carries index " + std::to_string(leaf.index));
  if ((leaf.kind == Kind::kGenesis) != (leaf.index == 0))
    return fail(Errc::kCorrupt, "a " + std::string(name(leaf.kind)) + " leaf has no place here");
  if (leaf.prev != head_)
    return fail(Errc::kCorrupt, leaf.index == 0
                                    ? "its prev is not the hash of the log's origin"
                                    : "its prev is not the leaf hash of the record before it");
  if (leaf.time_us < time_us_)
    return fail(Errc::kCorrupt, "its time is before that of the record before it");
  return {};
}

}  // namespace groove::ledger
