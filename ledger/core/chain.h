// What makes a row of leaves a chain: each carries its index, a time that never goes back, and the
// leaf hash of the one before; the first carries the log's name in that hash's place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/core/record.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

// SHA-256("groove-ledger/v1\n" || origin || "\n"): the prev of leaf 0, so two logs of different
// names share no leaf.
Digest chain_start(std::string_view origin);

class Chain {
 public:
  explicit Chain(std::string_view origin) : head_(chain_start(origin)) {}

  std::uint64_t size() const { return size_; }        // leaves so far; the next leaf's index
  const Digest& head() const { return head_; }        // hash of the last leaf
  std::uint64_t time_us() const { return time_us_; }  // of the last leaf
  bool sealed() const { return sealed_; }             // nothing may follow

  // The leaf that comes next when the clock says `now_us`.
  Leaf next(Kind kind, const EventId& entry_id, std::uint64_t now_us, std::string body) const;

  // Takes `leaf`, whose leaf hash is `hash`, as the next one. Errors: kCorrupt, with the rule it
  // breaks; the chain is then as it was.
  Status extend(const Leaf& leaf, const Digest& hash);

 private:
  Status check(const Leaf& leaf) const;

  Digest head_;
  std::uint64_t size_ = 0;
  std::uint64_t time_us_ = 0;
  bool sealed_ = false;
};

}  // namespace groove::ledger
